// What those hear and read who cannot see a slide, by axe-core and for pictures by our own rules; and
// where its links and requests lead. Raw findings are those of measure.js.
(() => {
  const { describe, numberOf, show, slideAt, slideOf } = abreastCheck;

  function alt(slide) {
    const found = (amount, element) => ({
      kind: "alt", cause: "alt", amount, weight: 1, where: describe(element),
    });
    // An output's picture that nobody described is named by its column; that does not count.
    const unsaid = (picture) => picture.closest("[data-unsaid]");
    const images = [...slide.querySelectorAll("img")].flatMap((image) => {
      if (!image.hasAttribute("alt") || unsaid(image)) return [found("missing", image)];
      return image.closest(".output") && !image.alt.trim() ? [found("empty", image)] : [];
    });
    const drawings = [...slide.querySelectorAll("svg[role=img]")].filter((svg) => {
      const label = svg.getAttribute("aria-label")?.trim();
      const named = svg.getAttribute("aria-labelledby");
      const title = svg.querySelector(":scope > title")?.textContent.trim();
      const said = label || title || (named && document.getElementById(named.split(/\s+/)[0]));
      return unsaid(svg) || !said;
    });
    return [...images, ...drawings.map((svg) => found("missing", svg))];
  }

  const contrast = (node, cause) => {
    const { contrastRatio, expectedContrastRatio } = node.any[0].data;
    return {
      kind: "contrast", cause, weight: -contrastRatio, where: describe(node.element),
      amount: `${contrastRatio}:1, under ${expectedContrastRatio}`,
    };
  };

  const violation = (rule, node) => ({
    kind: "axe", cause: rule.help, amount: `${rule.id} (${rule.impact})`, weight: 1,
    where: describe(node.element),
  });

  // Runs axe while the other slides are empty: it reads the whole page each time.
  async function run(context, cause, options = {}) {
    const others = Reveal.getSlides().filter((slide) => slide !== Reveal.getCurrentSlide());
    const kept = others.map((slide) => {
      const content = document.createDocumentFragment();
      content.append(...slide.childNodes);
      return [slide, content];
    });
    const { violations } = await axe.run(context, {
      elementRef: true, resultTypes: ["violations"], preload: false,
      rules: { "image-alt": { enabled: false }, "svg-img-alt": { enabled: false } },
      ...options,
    }).finally(() => kept.forEach(([slide, content]) => slide.append(content)));
    return violations.flatMap((rule) => rule.nodes.map((node) =>
      rule.id.startsWith("color-contrast") ? contrast(node, cause) : violation(rule, node)));
  }

  // Its colours, where a step lights a band and dims the rest; then all of axe with nothing lit.
  async function accessibility(index) {
    const slide = slideAt(index);
    const steps = [...slide.querySelectorAll(".fragment")];
    const found = [];
    if (steps.length) {
      await show(index, -1);
      Reveal.nextFragment();
      const colours = { rules: {}, runOnly: ["color-contrast"] };
      if (slide.querySelector(".columns.stepping")) found.push(...await run(slide, "dimmed", colours));
    }
    await show(index, 9999);
    steps.forEach((step) => step.classList.remove("fragment", "current-fragment"));
    found.push(...await run(slide, "contrast"));
    steps.forEach((step) => step.classList.add("fragment"));
    return [...found, ...alt(slide)];
  }

  // axe on what stands around the slides, while the first one shows: it has the deck's heading.
  async function around() {
    await show(0, 9999);
    return run({ include: [["html"]], exclude: [[".slides section.slide"]] }, "contrast");
  }

  function leads(hash) {
    const name = decodeURIComponent(hash.replace(/^#\/?/, ""));
    if (/^#\/\d+(\/\d+)*$/.test(hash)) {
      const first = Reveal.getConfig().hashOneBasedIndex ? 1 : 0;
      const [h, v] = name.split("/").map((part) => Number(part) - first);
      return Boolean(Reveal.getSlide(h, v));
    }
    return hash === "#/" || Boolean(name && (document.getElementById(name)
      ?? document.querySelector(`[name="${CSS.escape(name)}"]`)));
  }

  const links = () => [...document.querySelectorAll('a[href^="#"]')]
    .filter((link) => !leads(link.getAttribute("href")))
    .map((link) => ({
      slide: slideOf(link) ? numberOf(slideOf(link)) : 0, kind: "link", cause: "link",
      amount: link.getAttribute("href"), weight: 1, where: describe(link),
    }));

  // The element that asks for an address, and its slide.
  function asker(address) {
    const attributes = ["src", "href", "data", "poster", "srcset", "style"];
    const asks = (element) => attributes.some((name) => {
      const value = element.getAttribute(name);
      return value && (element[name] === address || value.includes(address));
    });
    const element = [...document.querySelectorAll("*")].find(asks);
    const slide = element && slideOf(element);
    return { slide: slide ? numberOf(slide) : 0, where: element ? describe(element) : "the page" };
  }

  Object.assign(abreastCheck, { accessibility, around, asker, links });
})();
