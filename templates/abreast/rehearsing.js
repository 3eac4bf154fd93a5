"use strict";
// A rehearsal: how long each slide is shown. R begins it and ends it; then it is saved as JSON, as a
// download or, in a page that `abreast rehearse` serves, by a form that this command reads.
(() => {
  const { query, printing, receiver, ready, look, onKey } = abreast;
  const R = 82;
  if (printing) return;
  if (receiver) {
    ready.then(() => onKey(R, () => {}));
    return;
  }

  const JUMP_SECONDS = 2;
  const slides = () => [...document.querySelectorAll("section.slide")];
  const box = document.querySelector(".rehearsing");
  const [words, clock] = box.children;
  const key = `abreast rehearsal ${location.pathname}`;
  let recording = null; // the rehearsal as it will be saved, and the visit to the slide one is on
  let since = null; // both clocks, when the visit was last added up
  let waiting = query.has("rehearse"); // the first step begins it, where R did not
  let hiding = 0;

  const clocks = () => ({ steady: performance.now(), wall: Date.now() });
  const place = () => slides().indexOf(Reveal.getCurrentSlide());

  function begin() {
    const rehearsal = {
      format: "abreast rehearsal", version: 1,
      deck: document.querySelector(".reveal").dataset.deck, title: document.title,
      started: new Date().toISOString(), total_seconds: 0, slides: slides().map(described),
    };
    recording = { rehearsal, visit: null };
    enter();
  }
  function described(slide, index) {
    const { section, origin, timing } = slide.dataset;
    const planned = timing === undefined ? null : Number(timing);
    return {
      number: index + 1, section, title: titleOf(slide), origin, planned_seconds: planned,
      seconds: 0, visits: 0, clock_jumped: false,
    };
  }
  function titleOf(slide) {
    const heading = [...look(slide).children].find((child) => child.matches("h1, h2"))?.cloneNode(true);
    heading?.querySelectorAll(".katex").forEach((formula) => {
      formula.replaceWith(formula.querySelector("annotation")?.textContent ?? "");
    });
    return heading?.textContent.replace(/\s+/g, " ").trim() ?? "";
  }

  function enter() {
    const slide = place();
    recording.visit = { slide, seconds: 0, wallSeconds: 0 };
    recording.rehearsal.slides[slide].visits += 1;
    since = clocks();
    keep();
  }
  function addUp() {
    const now = clocks();
    recording.visit.seconds += (now.steady - since.steady) / 1000;
    recording.visit.wallSeconds += (now.wall - since.wall) / 1000;
    since = now;
  }
  // Where the clocks disagree the machine slept or was set: nobody knows how long the slide stood.
  const jumped = ({ seconds, wallSeconds }) => Math.abs(wallSeconds - seconds) > JUMP_SECONDS;
  function leave() {
    addUp();
    const { visit, rehearsal } = recording;
    const slide = rehearsal.slides[visit.slide];
    if (jumped(visit)) slide.clock_jumped = true;
    else slide.seconds += visit.seconds;
  }

  // What is recorded outlives a reload; the time away is not counted.
  function keep() {
    try { sessionStorage.setItem(key, JSON.stringify(recording)); } catch { /* refused, or full */ }
  }
  function kept() {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
  }
  function resume() {
    recording = kept();
    if (!recording) return;
    since = clocks();
    const was = recording.rehearsal.slides;
    const now = slides();
    const same = now.length === was.length &&
      now.every((slide, index) => slide.dataset.origin === was[index].origin);
    if (!same) end(); // the deck was built anew meanwhile
    else if (place() !== recording.visit.slide) moved();
  }
  function moved() {
    leave();
    enter();
  }

  const tenths = (seconds) => Math.round(seconds * 10) / 10;
  const sum = (rehearsal) => rehearsal.slides.reduce((total, slide) => total + slide.seconds, 0);
  function end() {
    leave();
    const { rehearsal } = recording;
    recording = null;
    keep();
    rehearsal.slides.forEach((slide) => { slide.seconds = tenths(slide.seconds); });
    rehearsal.total_seconds = tenths(sum(rehearsal));
    save(rehearsal);
  }
  async function save(rehearsal) {
    const text = `${JSON.stringify(rehearsal, null, 1)}\n`;
    const saved = query.get("rehearse") === "post" ? await post(text) : null;
    if (!saved) download(fileName(rehearsal), text);
    say(saved ? `saved ${saved}` : `${fileName(rehearsal)} is among your downloads`);
    clearTimeout(hiding);
    hiding = setTimeout(() => { if (!recording) box.hidden = true; }, 15000);
  }
  function fileName({ deck, started }) {
    const at = new Date(started);
    const [month, day, hours, minutes] =
      [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes()]
        .map((number) => String(number).padStart(2, "0"));
    return `${deck}-rehearsal-${at.getFullYear()}-${month}-${day}-${hours}${minutes}.json`;
  }
  function download(name, text) {
    const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  }
  // The page may connect to nothing, but a form may be sent. Gives the file's name, or null.
  function post(text) {
    const make = (name, properties) => Object.assign(document.createElement(name), properties);
    const frame = make("iframe", { name: "rehearsal", hidden: true });
    const form = make("form", { method: "post", target: "rehearsal", hidden: true });
    form.append(make("textarea", { name: "rehearsal", value: text }));
    document.body.append(frame, form);
    return new Promise((resolve) => {
      frame.addEventListener("load", () => {
        const answer = answerIn(frame);
        if (answer === undefined) return;
        frame.remove();
        form.remove();
        resolve(answer);
      });
      form.submit();
    });
  }
  function answerIn(frame) {
    try {
      if (frame.contentWindow.location.href === "about:blank") return undefined;
      return JSON.parse(frame.contentDocument.body.textContent).saved ?? null;
    } catch {
      return null; // the command has ended
    }
  }

  function say(text, time = "") {
    box.hidden = false;
    box.classList.toggle("running", Boolean(recording));
    if (words.textContent !== text) words.textContent = text;
    clock.textContent = time;
  }
  function tick() {
    if (!recording) return;
    addUp();
    const { rehearsal, visit } = recording;
    const total = Math.floor(sum(rehearsal) + (jumped(visit) ? 0 : visit.seconds));
    say("rehearsal", `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`);
  }
  function toggle() {
    waiting = false;
    if (recording) end();
    else begin();
    tick();
  }
  function stepped(event) {
    if (waiting && !recording) toggle();
    else if (recording && event.type === "slidechanged") moved();
  }

  ready.then(() => {
    resume();
    if (waiting && !recording) say("R begins the rehearsal");
    tick();
    setInterval(tick, 250);
    onKey(R, toggle);
    ["slidechanged", "fragmentshown"].forEach((event) => Reveal.on(event, stepped));
    window.addEventListener("pagehide", () => { if (recording) { addUp(); keep(); } });
    window.addEventListener("pageshow", (event) => { if (event.persisted) since = clocks(); });
  });
})();
