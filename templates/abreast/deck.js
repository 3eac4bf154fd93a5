"use strict";
// Slides lie in the page as inert text and become real when they come near: a deck of a thousand
// rows opens as fast as one of ten.
const abreast = (() => {
  const root = document.querySelector(".reveal");
  const query = new URLSearchParams(location.search);
  const printing = /print-pdf/i.test(location.search);

  const inertOf = (section) => section.querySelector(":scope > script");
  const htmlOf = (inert) =>
    inert.textContent.replace(/<\\\/(script)/gi, "</$1").replaceAll("<\\!--", "<!--");
  function inflate(section) {
    const inert = inertOf(section);
    if (inert) section.innerHTML = htmlOf(inert);
  }
  // What stands on a slide, without making it real.
  function look(section) {
    const inert = inertOf(section);
    if (!inert) return section;
    const template = document.createElement("template");
    template.innerHTML = htmlOf(inert);
    return template.content;
  }
  const slidesOf = (section) =>
    section.matches(".slide") ? [section] : [...section.querySelectorAll(".slide")];
  function inflateAt(h) {
    const section = Reveal.getHorizontalSlides()[h];
    if (section) slidesOf(section).forEach(inflate);
  }
  function inflateAll() {
    document.querySelectorAll("section.slide").forEach(inflate);
  }
  function inflateNear() {
    const { h } = Reveal.getIndices();
    [h, h + 1, h - 1].forEach(inflateAt);
  }

  // A key pressed in the speaker view arrives in its picture of the slide, which passes it on.
  const receiver = query.has("receiver");
  function onKey(code, act) {
    const pressed = JSON.stringify({ method: "triggerKey", args: [code] });
    Reveal.addKeyBinding(code, () => {
      act();
      if (receiver) parent.opener?.postMessage(pressed, "*");
    });
  }

  if (printing) inflateAll();
  function start() {
    Reveal.on("beforeslidechange", (event) => inflateAt(event.indexh));
    Reveal.on("overviewshown", inflateAll);
    return Reveal.initialize({
      width: 1280, height: 720, margin: 0, minScale: 0.05, maxScale: 8, center: false,
      hash: true, history: true, controls: false, progress: true, slideNumber: "c/t",
      navigationMode: "linear", transition: "none", backgroundTransition: "none",
      viewDistance: 2, mobileViewDistance: 2, help: false,
      pdfSeparateFragments: query.has("steps"), pdfMaxPagesPerSlide: 1,
      // reveal shows pacing where this is set; its own shares of the time are never wanted.
      defaultTiming: root.querySelector("[data-timing]") ? 0 : null,
      keyboardCondition: () => !document.querySelector("dialog[open]"),
      plugins: [RevealNotes],
    }).then(() => {
      // role=application would shut screen readers out of the text.
      root.removeAttribute("role");
      inflateNear();
      // The neighbours become real when there is time, before the next press.
      const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
      Reveal.on("slidechanged", () => later(inflateNear));
    });
  }
  return { query, printing, receiver, inflateAll, inflateNear, look, onKey, ready: start() };
})();
window.abreast = abreast;
