"use strict";
// The search: over titles of decks, sections and slides, and over code, line against line.
(() => {
  const MOST = 5; // results of a deck, until all are asked for
  const MOST_LINES = 4; // of code in a result
  const data = JSON.parse(document.getElementById("index").textContent);
  const frameworks = new Map(data.frameworks.map((one) => [one.name, one]));
  const form = document.querySelector(".search");
  const input = document.getElementById("query");
  const said = document.getElementById("said");
  const results = document.querySelector(".results");
  const decks = document.querySelector(".decks");
  const choices = [...form.querySelectorAll("[name=in]")];

  // Words in lower case are made once, when the page opens.
  for (const deck of data.decks) {
    deck.low = deck.title.toLowerCase();
    for (const section of deck.sections) {
      section.low = section.title.toLowerCase();
      for (const slide of section.slides) {
        slide.low = slide.title.toLowerCase();
        slide.code = deck.columns.map((_, at) => (slide.bands ?? []).map((band) => band[at]).join("\n"));
        slide.lowCode = slide.code.map((text) => text.toLowerCase());
      }
    }
  }

  const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const lettered = (word) => /^\w.*\w$/.test(word);

  // What is looked for: each word must be there, in one title or in one column of a slide.
  function asked() {
    const words = input.value.trim().split(/\s+/).filter(Boolean);
    const longest = [...words].sort((a, b) => b.length - a.length);
    const whole = words.map((word) => new RegExp(lettered(word) ? `\\b${escaped(word)}\\b` : escaped(word)));
    return {
      words: words.map((word) => word.toLowerCase()),
      pattern: new RegExp(`(${longest.map(escaped).join("|")})`, "gi"),
      isWhole: (text) => whole.every((one) => one.test(text)),
      framework: choices.find((choice) => choice.checked)?.value ?? "",
    };
  }

  // With a framework only its code is looked through: titles are no code of anybody's.
  function search(query) {
    const within = (text) => query.words.every((word) => text.includes(word));
    return data.decks.flatMap((deck) => {
      if (query.framework && !deck.columns.includes(query.framework)) return [];
      const inTitle = (low) => !query.framework && within(low);
      const titled = inTitle(deck.low);
      const sections = deck.sections.filter((section) => inTitle(section.low))
        .map((section) => ({ at: section.slides[0].at, title: section.title, about: "section" }));
      const slides = deck.sections.flatMap((section) => section.slides.flatMap((slide) => {
        const columns = deck.columns.map((name, at) => at).filter((at) =>
          (!query.framework || deck.columns[at] === query.framework) && within(slide.lowCode[at]));
        if (!columns.length && !inTitle(slide.low)) return [];
        const exact = columns.some((at) => query.isWhole(slide.code[at]));
        return [{ at: slide.at, title: slide.title || section.title, about: section.title,
                  slide, columns, exact }];
      }));
      // Where the word stands just so comes before where it is a part of another.
      slides.sort((a, b) => b.exact - a.exact);
      const found = [...sections, ...slides];
      return titled || found.length ? [{ deck, found }] : [];
    });
  }

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // A text with what was found in it marked.
  const marked = (text, { pattern }) => text.split(pattern)
    .map((part, at) => (at % 2 ? element("mark", {}, part) : part));

  // The first text that has most of the words.
  function best(texts, words) {
    const counts = texts.map((text) => {
      const low = text.toLowerCase();
      return words.filter((word) => low.includes(word)).length;
    });
    return counts.indexOf(Math.max(...counts));
  }

  const indent = (line) => line.length - line.trimStart().length;

  // A line of code with those that go on with it, MOST_LINES at most.
  function statement(rows, first) {
    const within = indent(rows[first]);
    const goesOn = (row) => indent(row) > within || /^\s*[)\]}]/.test(row);
    let end = first + 1;
    while (end < rows.length && end < first + MOST_LINES && goesOn(rows[end])) end += 1;
    return rows.slice(first, end).map((row) => row.slice(within)).join("\n").trimEnd();
  }

  // The band that has most of the words, and of each column the statement in it that has.
  function lines(deck, { slide, columns }, query) {
    const texts = slide.bands.map((band) => columns.map((at) => band[at]).join("\n"));
    const band = slide.bands[best(texts, query.words)];
    return element("dl", { class: "lines" }, ...band.flatMap((text, at) => {
      const rows = text.split("\n");
      const code = statement(rows, best(rows, query.words));
      const { title, colour, mark } = frameworks.get(deck.columns[at]);
      const shape = element("b", { class: `mark ${mark}` });
      shape.style.setProperty("--framework", colour);
      if (!code) return [];
      const hit = columns.includes(at);
      return [element("dt", {}, shape, title),
              element("dd", hit ? {} : { class: "other" }, ...(hit ? marked(code, query) : [code]))];
    }));
  }

  function item(deck, found, query) {
    const link = element("a", { href: `${deck.page}#${found.at}`, lang: deck.language, dir: "auto" },
      ...marked(found.title, query));
    const about = element("span", { class: "quiet" }, found.about);
    const code = found.columns?.length ? [lines(deck, found, query)] : [];
    return element("li", { class: "hit" }, link, about, ...code);
  }

  const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  function group({ deck, found }, query) {
    const list = element("ol", {}, ...found.slice(0, MOST).map((one) => item(deck, one, query)));
    const title = element("h2", {},
      element("a", { href: deck.page, lang: deck.language, dir: "auto" }, ...marked(deck.title, query)));
    if (found.length) title.append(element("span", { class: "quiet" }, counted(found.length, "result")));
    const made = element("section", { class: "found" }, title, list);
    if (found.length > MOST) {
      const more = element("button", { type: "button", class: "more" },
        `${found.length - MOST} more`, element("span", { class: "unseen" }, ` in ${deck.title}`));
      more.addEventListener("click", () => {
        const rest = found.slice(MOST).map((one) => item(deck, one, query));
        list.append(...rest);
        more.remove();
        rest[0].querySelector("a").focus();
      });
      made.append(more);
    }
    return made;
  }

  function say(groups, query) {
    const chosen = frameworks.get(query.framework);
    const of = chosen ? ` with ${chosen.title}` : "";
    const number = groups.reduce((sum, { found }) => sum + found.length, 0);
    const shown = groups.length || [...decks.children].filter((deck) => !deck.hidden).length;
    const where = `${counted(shown, "deck")}${of}`;
    if (!query.words.length) said.textContent = chosen ? where : "";
    else if (groups.length) said.textContent = `${counted(number, "result")} in ${where}`;
    else said.textContent = chosen ? `Nothing found in the ${where}. Look in any framework’s code?` : "Nothing found.";
  }

  function update() {
    const query = asked();
    const searching = query.words.length > 0;
    const groups = searching ? search(query) : [];
    results.replaceChildren(...groups.map((one) => group(one, query)));
    results.hidden = !searching;
    decks.hidden = searching;
    [...decks.children].forEach((deck, at) => {
      deck.hidden = Boolean(query.framework) && !data.decks[at].columns.includes(query.framework);
    });
    say(groups, query);
    const state = new URLSearchParams();
    if (searching) state.set("q", input.value.trim());
    if (query.framework) state.set("in", query.framework);
    // So that "back" from a deck finds the results again, and a search can be sent to others.
    history.replaceState(null, "", location.href.split("#")[0] + (state.size ? `#${state}` : ""));
  }

  function restore() {
    const state = new URLSearchParams(location.hash.slice(1));
    input.value = state.get("q") ?? "";
    // An address may name a framework that the page has not, or no longer has.
    const chosen = choices.find((choice) => choice.value === state.get("in")) ?? choices[0];
    if (chosen) chosen.checked = true;
    update();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...results.querySelectorAll(".hit > a, h2 > a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "/" && document.activeElement !== input) {
      input.focus();
      input.select();
    } else if (event.key === "Escape" && input.value) {
      input.value = "";
      update();
      input.focus();
    } else if (event.key === "ArrowDown" && (at >= 0 || document.activeElement === input) && links.length) {
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (links[at - 1] ?? input).focus();
    } else {
      return;
    }
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  window.addEventListener("hashchange", restore);
  form.hidden = false;
  restore();
})();
