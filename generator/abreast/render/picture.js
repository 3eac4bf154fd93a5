// What a picture of a slide cannot say itself: its title, words, notes and links. Lengths are px of
// a slide of 1280 by 720, which is the window's size.
(() => {
  const BLOCKS = "p, li, pre, h1, h2, h3, h4, h5, h6, blockquote, table, ul, ol, div";
  const slides = () => Reveal.getSlides();
  // XML holds neither control characters nor halves of characters.
  const legal = (text) => text.toWellFormed().replace(/[\x00-\x08\x0b-\x1f\ufffe\uffff]/g, "");
  const tidy = (text) => legal(text).replace(/[ \t\u00a0]+/g, " ").trim();

  // One paragraph for each block that holds no other block; in <pre> a line is one.
  function paragraphs(element) {
    if (element.matches("pre")) return legal(element.textContent).trimEnd().split("\n");
    const found = [];
    let words = "";
    const end = () => { if (words.trim()) found.push(tidy(words)); words = ""; };
    for (const node of element.childNodes) {
      if (node.nodeType === Node.ELEMENT_NODE && node.matches(BLOCKS)) {
        end();
        const inside = paragraphs(node);
        if (node.matches("li") && inside.length) inside[0] = `• ${inside[0]}`;
        found.push(...inside);
      } else if (node.nodeName === "BR") {
        end();
      } else if (!node.matches?.(".katex-html")) {
        words += node.textContent.replace(/\s+/g, " ");
      }
    }
    end();
    return found;
  }

  function target(href) {
    const [name, below] = href.replace(/^#\/?/, "").split("/");
    const named = document.getElementById(decodeURIComponent(name))?.closest("section.slide");
    const slide = named ?? (/^\d+$/.test(name) ? Reveal.getSlide(+name, below && +below) : null);
    const found = slide?.matches(".stack") ? slide.querySelector(".slide") : slide;
    return found ? slides().indexOf(found) : -1;
  }

  function links(slide) {
    return [...slide.querySelectorAll("a[href]")].flatMap((link) => {
      const href = link.getAttribute("href");
      const leads = href.startsWith("#") ? target(href) >= 0 : /^(https?|mailto):/.test(href);
      if (!leads || !link.checkVisibility({ visibilityProperty: true })) return [];
      const to = href.startsWith("#") ? { slide: target(href) } : { address: link.href };
      return [...link.getClientRects()].map((r) =>
        ({ slide: null, address: "", ...to, words: tidy(link.textContent),
           left: r.left, top: r.top, width: r.width, height: r.height }));
    });
  }

  const lines = (element) => [
    ...element.innerText.split("\n"), ...[...element.querySelectorAll("img")].map((i) => i.alt),
  ].map((line) => legal(line).trimEnd()).filter((line) => line.trim());

  // What there is to read: of columns one after the other, not across.
  function words(element) {
    if (element.matches("aside.notes, script, template")) return [];
    if (element.matches(".columns")) {
      const cells = [...element.children].filter((cell) => !cell.matches(".none"));
      const names = new Set(cells.map((cell) => cell.dataset.column));
      return [...names].flatMap((name) =>
        cells.filter((cell) => cell.dataset.column === name).flatMap(lines));
    }
    if (!element.querySelector(".columns")) return lines(element);
    return [...element.children].flatMap(words);
  }

  async function show(index) {
    const slide = slides()[index];
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    // As after the last step, but with nothing lit, and so with nothing dimmed.
    for (const step of slide.querySelectorAll(".fragment")) {
      step.classList.remove("fragment", "current-fragment");
    }
    await Promise.all([...slide.querySelectorAll("img")].map((i) => i.decode().catch(() => {})));
    const heading = slide.querySelector("h1, h2")?.innerText;
    return {
      title: tidy(heading ?? slide.dataset.section ?? ""),
      words: words(slide).join("\n"),
      notes: [...slide.querySelectorAll("aside.notes")].flatMap(paragraphs),
      links: links(slide),
    };
  }

  // A picture needs no buttons, and nothing in it may be half-way.
  const still = new CSSStyleSheet();
  still.replaceSync(`.keys, .copy, .progress { visibility: hidden !important }
    *, *::before, *::after { transition: none !important; animation: none !important }`);
  document.adoptedStyleSheets.push(still);
  abreast.inflateAll();
  window.abreastPicture = {
    show,
    deck: () => ({ slides: slides().length, title: legal(document.title),
                   language: document.documentElement.lang }),
  };
})();
