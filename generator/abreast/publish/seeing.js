// What there is to see on a slide, for the checks in measure.js and judge.js: `abreastCheck` is what
// they share, and what Python calls.
(() => {
  const REPLACED = "img, svg, canvas, video, iframe, input, button, select, textarea";
  const UNSEEN = "aside.notes, script, style, template, noscript, .katex-mathml, [hidden]";
  const rootBox = () => Reveal.getSlidesElement().getBoundingClientRect();
  const scale = () => rootBox().width / Reveal.getConfig().width;

  const slideOf = (element) => element.closest("section.slide");
  const numberOf = (slide) => Reveal.getSlides().indexOf(slide) + 1;

  function describe(element) {
    const names = [element.localName, ...[...element.classList].slice(0, 2)].join(".");
    const label = element.getAttribute("alt") || element.getAttribute("aria-label");
    const copy = element.cloneNode(true);
    copy.querySelectorAll(UNSEEN).forEach((part) => part.remove());
    const words = (copy.textContent.trim() || label || "").replace(/\s+/g, " ").toWellFormed();
    const letters = [...words];
    const first = letters.length > 32 ? `${letters.slice(0, 31).join("").trimEnd()}…` : words;
    return first ? `${names} "${first}"` : names;
  }

  // What an element's style says, read once while a slide stands still.
  let known = new Map();
  function facts(element) {
    if (!known.has(element)) known.set(element, read(element));
    return known.get(element);
  }
  function read(element) {
    const style = getComputedStyle(element);
    const x = style.overflowX !== "visible";
    const y = style.overflowY !== "visible";
    // A box of a pixel or two holds words for screen readers only.
    const tiny = (x || y) && element.offsetWidth <= 2 && element.offsetHeight <= 2;
    return {
      x, y, hides: x || y, display: style.display, size: parseFloat(style.fontSize),
      factor: factor(element, style),
      seen: element.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
      forReaders: tiny || style.clip !== "auto" || /^inset\((50|100)%/.test(style.clipPath),
    };
  }

  // How much larger an element is drawn than its style says: on slides, and in drawings.
  function factor(element, style) {
    const matrix = element.getScreenCTM?.();
    if (matrix) return Math.hypot(matrix.b, matrix.d);
    const above = element.parentElement ? facts(element.parentElement).factor : 1;
    const zoom = Number(style.zoom) || 1;
    if (style.transform === "none") return above * zoom;
    const own = new DOMMatrix(style.transform);
    return above * zoom * Math.hypot(own.c, own.d);
  }
  const typeSize = (element) => facts(element).size * facts(element).factor;
  const seen = (element) => facts(element).seen;

  // The em box of each line of a text: what a line's height adds is nothing that could be cut.
  function textRect(node, element) {
    const text = node.data;
    const range = document.createRange();
    range.setStart(node, text.length - text.trimStart().length);
    range.setEnd(node, text.trimEnd().length);
    const size = typeSize(element);
    const rects = [...range.getClientRects()].filter((r) => r.width > 0);
    return union(rects.map((r) => {
      const extra = Math.max(0, (r.height - size) / 2);
      return { left: r.left, right: r.right, top: r.top + extra, bottom: r.bottom - extra };
    }));
  }

  function union(rects) {
    if (!rects.length) return null;
    return {
      left: Math.min(...rects.map((r) => r.left)), right: Math.max(...rects.map((r) => r.right)),
      top: Math.min(...rects.map((r) => r.top)), bottom: Math.max(...rects.map((r) => r.bottom)),
    };
  }

  // What there is to see under `root`: each text and picture with its box on the screen.
  function leaves(root, skipped = UNSEEN) {
    const found = [];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        if (!node.data.trim()) return;
        const element = node.parentElement;
        if (seen(element)) found.push({ element, text: true, rect: textRect(node, element) });
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        if (node.matches(skipped) || facts(node).forReaders) return;
        // A formula is one thing: inside, its letters stand in boxes without a width.
        const whole = node.matches(".katex");
        if ((whole || node.matches(REPLACED)) && seen(node)) {
          const rect = node.getBoundingClientRect();
          found.push({ element: node, text: whole, whole: true, rect });
        }
        if (!whole) node.childNodes.forEach(walk);
      }
    };
    walk(root);
    return found.filter((leaf) => leaf.rect && leaf.rect.right > leaf.rect.left);
  }

  const slideAt = (index) => Reveal.getSlides()[index];

  // Shows a slide before its first step (-1), or after its last (any large number).
  async function show(index, step) {
    const { h, v } = Reveal.getIndices(slideAt(index));
    Reveal.slide(h, v, step);
    await Promise.all([...slideAt(index).querySelectorAll("img")].map((image) =>
      image.decode().catch(() => {})));
    known = new Map();
  }

  const slides = () => Reveal.getSlides().map((slide) => ({
    section: slide.dataset.section ?? "", origin: slide.dataset.origin ?? "",
  }));

  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets.push(still);
  abreast.inflateAll();
  window.abreastCheck = {
    REPLACED, UNSEEN, describe, facts, leaves, numberOf, rootBox, scale, seen, show,
    slideAt, slideOf, slides, typeSize,
  };
})();
