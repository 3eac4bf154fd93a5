"use strict";
// Help, the chooser of columns, and what was cut shown in full.
(() => {
  const help = document.querySelector("dialog.help");
  const chooser = document.querySelector("dialog.chooser");
  const full = document.querySelector("dialog.full");
  const modules = document.querySelector("dialog.modules");
  const page = document.documentElement;
  const themes = page.dataset.themes.split(" ");

  const open = (dialog) => { if (!document.querySelector("dialog[open]")) dialog.showModal(); };
  function nextTheme() {
    page.dataset.theme = themes[(themes.indexOf(page.dataset.theme) + 1) % themes.length];
  }
  function openFull(button) {
    const whole = button.closest(".output")?.querySelector("template.full");
    if (!whole) return;
    full.querySelector(".whole").replaceChildren(whole.content.cloneNode(true));
    open(full);
    full.querySelector(".whole").focus();
  }

  const asked = abreast.query.get("theme");
  if (themes.includes(asked)) page.dataset.theme = asked;

  document.querySelector(".keys").addEventListener("click", () => open(help));
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    if (at("button.open")) openFull(at("button.open"));
    else if (at("dialog .close") || event.target.matches?.("dialog")) at("dialog").close();
  });
  // A key that opens a dialog closes it, too.
  const closing = (dialog, key) => dialog?.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== key) return;
    event.stopPropagation();  // or reveal would open it again
    dialog.close();
  });
  closing(chooser, "c");
  closing(modules, "m");
  // Dialogs open where the key was pressed: the audience need not see them.
  abreast.ready.then(() => {
    abreast.onKey(84, nextTheme);
    Reveal.addKeyBinding(67, () => open(chooser));
    if (modules) Reveal.addKeyBinding(77, () => open(modules));
    Reveal.addKeyBinding(191, () => open(help));
  });
  // On keyboards where "?" is another key.
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && event.keyCode !== 191 && !event.target.matches("input")) open(help);
  });
})();
