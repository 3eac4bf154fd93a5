"use strict";
// Only in the page that `abreast serve` shows: edits come onto the slides that they change. The slide
// and the step that one is on stay, whatever comes before them.
(() => {
  const { printing, receiver, inflateAll, inflateNear, ready } = abreast;
  const root = document.querySelector(".reveal");
  const page = document.documentElement;
  const KEPT = "abreast serve: place";
  const RETRY_MS = 1000;
  if (printing) return;

  const slides = () => [...document.querySelectorAll("section.slide")];
  const made = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };

  // An update of the state that this page shows is made in it; after any other it is loaded anew.
  let state = root.dataset.live;
  const hear = {
    state(message) { if (message.state !== state) reload(); },
    deck(message) {
      if (message.to === state) return;
      const recording = document.querySelector(".rehearsing.running");
      if (message.theme) page.dataset.theme = message.theme;
      if (message.from !== state || message.reload || (message.stacks && recording)) reload();
      else { apply(message); state = message.to; }
    },
    mistakes: showMistakes,
    runs: showRuns,
  };

  function apply(message) {
    const before = slides();
    const [current, step] = [Reveal.getCurrentSlide(), Reveal.getIndices().f];
    const at = before.indexOf(current);
    if (message.styles) restyle(message.styles);
    const changed = [];
    const after = message.slides.flatMap((entry) => {
      if (Array.isArray(entry)) return before.slice(...entry);
      const section = entry.was === null ? made("section") : before[entry.was];
      describe(section, entry);
      if ("html" in entry) {
        section.replaceChildren(made("script", { type: "text/plain", textContent: entry.html }));
        changed.push(section);
      }
      return [section];
    });
    if (message.stacks) arrange(after, message.stacks);
    const kept = new Set(after);
    const there = before.slice(0, at + 1).findLast((section) => kept.has(section)) ?? after[0];
    if (message.stacks) Reveal.sync();
    const { h, v } = Reveal.getIndices(there);
    Reveal.slide(h, v, there === current ? step : undefined);
    if (Reveal.isOverview()) inflateAll();
    inflateNear();
    if (changed.includes(there)) {
      Reveal.syncFragments(there);
      Reveal.slide(h, v, there === current ? step : undefined);
    }
    Reveal.syncSlide(there);
    Reveal.dispatchEvent({ type: "resumed" }); // the speaker view asks for notes and times anew
  }

  function describe(section, { section: title, origin, seconds, opening }) {
    section.classList.add("slide");
    section.classList.toggle("opening", opening);
    section.dataset.section = title;
    section.dataset.origin = origin;
    if (seconds === null) delete section.dataset.timing;
    else section.dataset.timing = seconds;
  }

  function arrange(sections, sizes) {
    let first = 0;
    const stacks = sizes.map((size) => {
      const members = sections.slice(first, first += size);
      return size === 1 ? members[0] : made("section", {}, ...members);
    });
    root.querySelector(".slides").replaceChildren(...stacks);
  }

  function restyle(styles) {
    const old = [...document.querySelectorAll("head > style:not([id])")];
    const sheets = styles.map((style) =>
      typeof style === "number" ? old[style] : made("style", { textContent: style }));
    old.forEach((sheet) => { if (!sheets.includes(sheet)) sheet.remove(); });
    sheets.forEach((sheet) => document.getElementById("shown").before(sheet));
  }

  // What only loading it anew can change: then the page finds the slide again by what it shows.
  const headed = (section) => abreast.look(section).querySelector("h1, h2")?.textContent ?? "";
  const cells = (section) => `${section.dataset.section} ${section.dataset.origin}`;
  function reload() {
    const [section, { h, v, f }] = [Reveal.getCurrentSlide(), Reveal.getIndices()];
    const place = { h, v, f, heading: headed(section), cells: cells(section) };
    if (!receiver) keep({ place, theme: page.dataset.theme });
    location.reload();
  }
  function keep(value) {
    try { sessionStorage.setItem(KEPT, JSON.stringify(value)); } catch { /* refused */ }
  }
  function comeBack() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
    } catch { /* refused */ }
    if (!kept) return;
    page.dataset.theme = kept.theme;
    const { heading, cells: shown, h, v, f } = kept.place;
    const alike = slides().filter((section) => cells(section) === shown);
    const section = alike.find((one) => headed(one) === heading) ?? alike[0] ??
      (heading ? slides().find((one) => headed(one) === heading) : null);
    const place = section ? Reveal.getIndices(section) : { h, v };
    Reveal.slide(place.h, place.v, f);
  }

  // What runs, and what of it the slides say.
  const line = made("p", { className: "live", hidden: true });
  const panel = made("aside", { className: "mistakes", role: "alert", hidden: true });
  const rules = made("style");
  let [runs, mistakes, lost, dismissed, heard] = [[], [], false, "", 0];

  function showRuns(message) {
    runs = message.runs;
    heard = performance.now();
    const words = { running: "running …", failed: "failed" };
    rules.textContent = runs.filter((run) => run.shown && words[run.state]).map(({ section, column, state }) =>
      `.slide[data-section="${CSS.escape(section)}"] .result[data-column="${CSS.escape(column)}"]` +
      `{--stale:"${words[state]}"}`).join("");
    tell();
  }
  // What stands between backquotes is code.
  const worded = (text) => text.split("`").map((part, n) => (n % 2 ? made("code", {}, part) : part));
  function showMistakes(message) {
    mistakes = message.mistakes;
    const text = JSON.stringify(mistakes);
    if (text !== dismissed) dismissed = "";
    const ofDeck = message.of === "deck";
    const count = mistakes.length;
    const close = made("button", { type: "button", className: "close", textContent: "×" });
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => { dismissed = text; draw(); });
    panel.replaceChildren(
      close,
      made("h2", {}, ofDeck ? (count > 1 ? `${count} mistakes` : "A mistake")
        : count > 1 ? `${count} notebooks did not run` : "A notebook did not run"),
      made("p", { className: "stays" }, ofDeck
        ? "The deck is shown as it was before."
        : "What it gave before stays on the slides, where its code is still the same."),
      made("ul", {}, ...mistakes.map(({ where, what, remedy }) => made("li", {},
        made("p", { className: "where" }, where), made("p", {}, ...worded(what)),
        made("p", { className: "remedy" }, ...worded(remedy))))),
    );
    if (!ofDeck && count) {
      const again = made("button", { type: "button", className: "again" }, "Run again");
      again.addEventListener("click", () => socket?.send("again"));
      panel.append(again);
    }
    draw();
  }
  function draw() {
    panel.hidden = !mistakes.length || Boolean(dismissed);
    tell();
  }
  function tell() {
    const running = runs.find((run) => run.state === "running");
    const waiting = runs.filter((run) => run.state === "waiting").length;
    const parts = [];
    if (lost) parts.push(made("span", {}, "not connected to abreast serve"));
    else if (running) {
      const seconds = Math.floor(running.seconds + (performance.now() - heard) / 1000);
      const cell = running.number ? `cell ${running.number} of ${running.cells}` : "starting";
      const more = waiting ? `, ${waiting} more to run` : "";
      parts.push(made("span", {}, `${running.label} · ${cell} · ${seconds} s${more}`));
    }
    if (mistakes.length && dismissed) {
      const count = mistakes.length > 1 ? `${mistakes.length} mistakes` : "1 mistake";
      const reopen = made("button", { type: "button" }, count);
      reopen.addEventListener("click", () => { dismissed = ""; draw(); });
      parts.push(reopen);
    }
    line.classList.toggle("lost", lost);
    line.classList.toggle("running", Boolean(running) && !lost);
    line.hidden = !parts.length;
    line.replaceChildren(...parts);
  }

  let socket = null;
  function connect() {
    socket = new WebSocket(new URL("live", location.href.replace(/^http/, "ws")));
    socket.addEventListener("open", () => { lost = false; tell(); });
    socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      hear[message.kind](message);
    });
    socket.addEventListener("close", () => {
      lost = true;
      tell();
      setTimeout(connect, RETRY_MS);
    });
  }

  ready.then(() => {
    document.head.append(rules);
    // Pictures of slides in the speaker view follow, and say nothing.
    if (!receiver) {
      root.append(line, panel);
      comeBack();
      setInterval(() => { if (runs.length && !lost) tell(); }, 1000);
    }
    connect();
  });
})();
