// Where things lie on a slide and how large their type is. A raw finding is {kind, cause, amount,
// weight, where}: `cause` chooses the remedy, `weight` says how bad it is. Lengths are px of a slide
// of 1280 by 720, whatever the window's size.
(() => {
  const {
    REPLACED, UNSEEN, describe, facts, leaves, rootBox, scale, seen, show, slideAt, typeSize,
  } = abreastCheck;
  const SLACK = 1; // browsers round
  const round = (px) => Math.round(px * 10) / 10;

  function outside(rect, box, { x = true, y = true } = {}) {
    const wide = x ? Math.max(box.left - rect.left, rect.right - box.right) : 0;
    const high = y ? Math.max(box.top - rect.top, rect.bottom - box.bottom) : 0;
    return Math.max(0, wide, high) / scale();
  }

  function inner(box) {
    const rect = box.getBoundingClientRect();
    if (!(box instanceof HTMLElement)) return rect;
    const px = facts(box).factor;
    const left = rect.left + box.clientLeft * px;
    const top = rect.top + box.clientTop * px;
    return { left, top, right: left + box.clientWidth * px, bottom: top + box.clientHeight * px };
  }

  const clip = (cause, px, element) => ({
    kind: "clipped", cause, amount: `${Math.round(px)} px`, weight: px, where: describe(element),
  });

  const BLOCK = "pre, p, li, h1, h2, h3, h4, td, th, figure, .band, .output, .prose, .columns > *";
  const blockOf = (element) => element.closest(BLOCK) ?? element;

  // How a leaf is cut: by a box that hides what sticks out, by its own box, or by the slide.
  function cut(leaf, slide) {
    let { rect } = leaf;
    let first = leaf.text && !leaf.whole;
    for (let box = leaf.element; box !== slide; box = box.parentElement) {
      // A glyph of a fallback font may be wider than the place that is kept for it.
      if (box.matches(".w1, .w2, .rtl")) return null;
      if (leaf.whole && box === leaf.element) continue;
      const style = facts(box);
      if (/^(inline|contents)$/.test(style.display)) continue;
      if (box.classList.contains("scrolls")) {
        rect = box.getBoundingClientRect();
      } else if (style.hides) {
        const px = outside(rect, inner(box), style);
        if (px > SLACK) return clip("box", px, box);
      } else if (first && box instanceof HTMLElement) {
        const px = outside(rect, box.getBoundingClientRect());
        if (px > 2 * SLACK && !style.display.startsWith("inline")) return clip("text", px, box);
      }
      first &&= style.display.startsWith("inline");
    }
    const px = outside(rect, shownBox());
    return px > SLACK ? clip("slide", px, blockOf(leaf.element)) : null;
  }

  // The slide, as far as the window shows it.
  function shownBox() {
    const boxes = [rootBox(), Reveal.getRevealElement().getBoundingClientRect()];
    return {
      left: Math.max(0, ...boxes.map((b) => b.left)), top: Math.max(0, ...boxes.map((b) => b.top)),
      right: Math.min(innerWidth, ...boxes.map((b) => b.right)),
      bottom: Math.min(innerHeight, ...boxes.map((b) => b.bottom)),
    };
  }

  const common = (a, b) => Math.min(
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  ) / scale();

  function items(grid) {
    return [...grid.children].flatMap((child) => {
      if (facts(child).display === "contents") return items(child);
      const flows = !/^(absolute|fixed)$/.test(getComputedStyle(child).position);
      const filled = child.textContent.trim() || child.querySelector(REPLACED);
      return flows && seen(child) && filled ? [child] : [];
    });
  }

  function overlaps(slide) {
    const found = [];
    for (const grid of [slide, ...slide.querySelectorAll("*")]) {
      if (!facts(grid).display.endsWith("grid") || !seen(grid)) continue;
      const boxes = items(grid).map((item) => [item, item.getBoundingClientRect()]);
      boxes.forEach(([item, rect], i) => {
        for (const [other, its] of boxes.slice(i + 1)) {
          const px = common(rect, its);
          if (px > SLACK) found.push(clip("overlap", px, other.contains(item) ? item : other));
        }
      });
    }
    return found;
  }

  const frame = () => leaves(document.body, `${UNSEEN}, .slides, .backgrounds`);

  // What the slide's style writes beside its content, such as the section's name at its foot.
  function written(slide) {
    return ["::before", "::after"].flatMap((part) => {
      const style = getComputedStyle(slide, part);
      if (style.position !== "absolute" || !/^"./.test(style.content)) return [];
      const [left, top, width, high] = ["left", "top", "width", "height"]
        .map((side) => parseFloat(style[side]) * scale());
      const box = slide.getBoundingClientRect();
      const rect = {
        left: box.left + left, top: box.top + top,
        right: box.left + left + width, bottom: box.top + top + high,
      };
      return [{ rect, where: `${slide.localName}.slide${part} ${style.content}` }];
    });
  }

  // What a leaf shows of itself: boxes that hide or scroll keep the rest.
  function visible({ element, rect }) {
    let shown = rect;
    for (let box = element; box; box = box.parentElement) {
      if (!facts(box).hides) continue;
      const area = inner(box);
      shown = {
        left: Math.max(shown.left, area.left), right: Math.min(shown.right, area.right),
        top: Math.max(shown.top, area.top), bottom: Math.min(shown.bottom, area.bottom),
      };
    }
    return shown;
  }

  const nested = (a, b) => Boolean(a && b && (a.contains(b) || b.contains(a)));

  // What lies under the page's frame, and what in the frame lies over something else of it.
  function underFrame(seenLeaves, slide) {
    const beside = [...slide.children].filter((c) => getComputedStyle(c).position === "absolute");
    const apart = (leaf) => beside.some((box) => box.contains(leaf.element));
    const content = seenLeaves.filter((leaf) => !apart(leaf));
    const frames = [...seenLeaves.filter(apart), ...written(slide), ...frame()];
    return [...content, ...frames].flatMap((leaf, i) => {
      const later = frames.slice(Math.max(0, i - content.length + 1));
      const rect = visible(leaf);
      const px = Math.max(0, ...later.map((other) =>
        nested(leaf.element, other.element) ? 0 : common(rect, other.rect)));
      const where = leaf.where ?? describe(blockOf(leaf.element));
      return px > SLACK ? [{ ...clip("footer", px, slide), where }] : [];
    });
  }

  // The floor of all that is neither few columns of code nor prose.
  const least = () => Math.min(...Object.values(abreastCheck.floors));

  function floor(element) {
    const columns = element.closest(".columns");
    if (columns && element.closest("pre, code, .band, .output")) {
      return abreastCheck.floors[columns.dataset.columns ?? 1] ?? least();
    }
    // <small> is what its author calls an aside.
    return element.closest(".prose") && !element.closest("small")
      ? abreastCheck.floors[1] : least();
  }

  function smallType(seenLeaves) {
    // What stands in a picture has the size that its author drew it in.
    const set = seenLeaves.filter((leaf) => leaf.text && !leaf.element.closest("svg"));
    return set.flatMap(({ element }) => {
      // Raised and lowered figures are read with the word they stand at.
      const base = element.closest("sub, sup")?.parentElement ?? element;
      const px = typeSize(base) / scale();
      const wanted = floor(element);
      if (px > wanted - 0.05) return [];
      const amount = `${round(px)} px, under ${round(wanted)} px`;
      const where = describe(blockOf(element));
      return [{ kind: "small type", cause: "type", amount, weight: wanted - px, where }];
    });
  }

  function uneven(slide) {
    return [...slide.querySelectorAll(".columns")].flatMap((columns) => {
      const rows = new Map();
      for (const [index, cell] of columns.querySelectorAll(".band").entries()) {
        const band = Math.floor(index / Number(columns.dataset.columns));
        if (seen(cell)) rows.set(band, [...rows.get(band) ?? [], cell]);
      }
      return [...rows].flatMap(([band, cells]) => {
        const tops = cells.map((cell) => cell.getBoundingClientRect().top / scale());
        const px = Math.max(...tops) - Math.min(...tops);
        const where = `band ${band}, ${describe(cells[0])}`;
        const amount = `${Math.round(px)} px`;
        return px > SLACK ? [{ kind: "uneven", cause: "uneven", amount, weight: px, where }] : [];
      });
    });
  }

  function geometry(slide) {
    const seenLeaves = leaves(slide);
    const cuts = seenLeaves.map((leaf) => cut(leaf, slide)).filter(Boolean);
    const told = new Set(cuts.map((found) => found.where));
    const under = underFrame(seenLeaves, slide).filter((found) => !told.has(found.where));
    return [...cuts, ...overlaps(slide), ...under, ...smallType(seenLeaves), ...uneven(slide)];
  }

  // A slide after its last step and, where it has steps, before its first.
  async function measure(index) {
    const found = [];
    for (const step of slideAt(index).querySelector(".fragment") ? [-1, 9999] : [-1]) {
      await show(index, step);
      found.push(...geometry(slideAt(index)));
    }
    return found;
  }

  Object.assign(abreastCheck, { measure, frameType: () => smallType(frame()) });
})();
