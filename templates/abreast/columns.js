"use strict";
// Which columns are shown: by address (?columns=pytorch,jax), by the key C, one alone by 1…K.
(() => {
  const { query, printing, ready, onKey } = abreast;
  const boxes = [...document.querySelectorAll("dialog.chooser input")];
  const names = boxes.map((box) => box.value);
  const rules = document.getElementById("shown");
  const wanted = (query.get("columns") ?? "").split(",").filter((name) => names.includes(name));
  let shown = wanted.length ? wanted : names;
  let zoomed = null;

  function apply() {
    const visible = zoomed ? [zoomed] : shown;
    const hidden = names.filter((name) => !visible.includes(name));
    rules.textContent = hidden.length
      ? hidden.map((name) => `.columns>[data-column="${CSS.escape(name)}"]`).join() +
        `{display:none}.columns{--columns:${visible.length}!important}`
      : "";
    boxes.forEach((box) => { box.checked = shown.includes(box.value); });
    grids().forEach(enlarge);
  }

  const grids = () => {
    const slide = Reveal.getCurrentSlide?.();
    return printing ? [...document.querySelectorAll(".columns")]
      : slide ? [...slide.querySelectorAll(".columns")] : [];
  };

  // Fewer columns have more room: the largest scale at which no line and no slide is clipped.
  function enlarge(grid) {
    const slide = grid.closest(".slide");
    const fits = (scale) => {
      grid.style.setProperty("--scale", scale);
      return slide.scrollHeight <= slide.clientHeight &&
        [...grid.children].every((cell) => cell.scrollWidth <= cell.clientWidth + 1);
    };
    grid.style.removeProperty("--scale");
    if (!rules.textContent) return;
    let [low, high] = [1, 3.2];
    for (let i = 0; i < 7; i++) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle; else high = middle;
    }
    grid.style.setProperty("--scale", low);
  }

  function zoom(number) {
    zoomed = names[number - 1] ?? null;
    apply();
  }
  function choose(name, on) {
    const next = names.filter((other) => (other === name ? on : shown.includes(other)));
    if (next.length) shown = next;
    zoomed = null;
    apply();
  }

  boxes.forEach((box) => box.addEventListener("change", () => choose(box.value, box.checked)));
  if (wanted.length) apply();
  ready.then(() => {
    apply();
    ["slidechanged", "slidesync"].forEach((event) => {
      Reveal.on(event, () => grids().forEach(enlarge));
    });
    for (let n = 0; n <= Math.min(9, names.length); n++) {
      onKey(48 + n, () => zoom(n));
      onKey(96 + n, () => zoom(n));
    }
  });
})();
