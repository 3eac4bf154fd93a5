"use strict";
// A thin bar at the top of the speaker view, and only there: the whole talk is its width, filled up
// to reveal's timer, with a mark where the plan has the slide that is shown. What lies between the
// two is colored.
(() => {
  const slides = () => [...document.querySelectorAll("section.slide")];
  const budgets = () => slides().map((slide) => Number(slide.dataset.timing) || 0);
  const sum = (seconds) => seconds.reduce((total, more) => total + more, 0);
  if (!sum(budgets()) || abreast.receiver) return;
  const given = Number(document.querySelector(".reveal").dataset.seconds) || 0;

  const style = `
    .pace { position: fixed; inset: 0 0 auto; height: 6px; background: #e6e6e6; overflow: hidden; z-index: 15 }
    .pace i { position: absolute; inset: 0 auto; box-sizing: border-box }
    .pace .elapsed { background: #9099a5 }
    .pace .plan { min-width: 5px; border: solid #222; border-width: 0 2px; background: #0002 }
    .pace.behind .apart { background: #c8321f }
    .pace.ahead .apart { background: #2f7fd0 }
    .pace-word { float: right; font-size: 1.1em; line-height: 1.9em; font-variant-numeric: tabular-nums; color: #555 }
    .pace-word.behind { color: #b42318 }
    .pace-word.ahead { color: #1b5fa8 }`;

  // This runs in the speaker's window. Opened from file:// it cannot be reached any more once this
  // page is loaded again, so it draws by itself, and is told the plan.
  function draw() {
    const made = (name, className, ...inside) => {
      const element = Object.assign(document.createElement(name), { className });
      element.append(...inside);
      return element;
    };
    const [elapsed, apart, plan] = ["elapsed", "apart", "plan"].map((name) => made("i", name));
    const [bar, word] = [made("div", "pace", elapsed, apart, plan), made("div", "pace-word")];
    const timer = document.querySelector(".timer");
    const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    let told = null;

    function update() {
      if (!told) return;
      const [hours, mins, secs] = timer.textContent.split(":").map(Number);
      const now = 3600 * hours + 60 * mins + secs;
      const { start, end, whole } = told;
      const state = now > end ? "behind" : now < start ? "ahead" : "";
      const [from, to] = { behind: [end, now], ahead: [now, start] }[state] ?? [now, now];
      word.textContent = state ? `${minutes(to - from)} ${state}` : "on track";
      word.className = `pace-word ${state}`;
      bar.className = `pace ${state}`;
      bar.setAttribute("aria-label", `${minutes(now)} of ${minutes(whole)}; ` +
        `the plan for this slide is ${minutes(start)} to ${minutes(end)}: ${word.textContent}`);
      // Overtime is part of the talk, too.
      const width = Math.max(whole, now) / 100;
      const reach = (part, first, last) => {
        part.style.left = `${first / width}%`;
        part.style.width = `${(last - first) / width}%`;
      };
      reach(elapsed, 0, from);
      reach(apart, from, to);
      reach(plan, start, end);
    }

    bar.setAttribute("role", "img");
    document.body.append(bar);
    document.querySelector(".pacing").before(word);
    new MutationObserver(update).observe(timer, { childList: true, subtree: true });
    addEventListener("message", (event) => {
      const message = event.source === opener ? JSON.parse(event.data) : {};
      if (message.namespace !== "abreast") return;
      told = message.plan;
      update();
    });
  }

  function documentOf(view) {
    try { return view.document; } catch { return null; }
  }
  function place(view) {
    const page = documentOf(view);
    if (!page?.querySelector(".timer") || page.querySelector(".pace")) return;
    for (const [name, text] of [["style", style], ["script", `(${draw})();`]]) {
      page.head.append(Object.assign(page.createElement(name), { textContent: text }));
    }
  }

  let view = null;
  function tell() {
    const at = slides().indexOf(Reveal.getCurrentSlide());
    const planned = budgets();
    const start = sum(planned.slice(0, at));
    const whole = Math.max(sum(planned), given);
    const plan = { start, end: start + planned[at], whole };
    view?.postMessage(JSON.stringify({ namespace: "abreast", plan }), "*");
  }
  abreast.ready.then(() => {
    // The speaker view reports each second, also one that was opened before this page was loaded.
    window.addEventListener("message", (event) => {
      if (!String(event.data).includes('"reveal-notes"')) return;
      view = event.source;
      place(view);
      tell();
    });
    Reveal.on("slidechanged", tell);
  });
})();
