// What a page made by stock nbconvert shows: the tables of code with their boxes, and whatever
// stands out of `room` at a side. Text for screen readers only is 1 px wide, and not looked at.
window.seen = (root, room) => {
  const box = (node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return { left, right, top, bottom };
  };
  const unseen = (node) => {
    for (let at = node; at && at !== root; at = at.parentElement)
      if (at.style.clipPath === "inset(50%)" || at.matches("aside.notes")) return true;
    return false;
  };
  const elements = [...root.querySelectorAll("*")].filter(
    (node) => !unseen(node) && node.checkVisibility() && box(node).right > box(node).left,
  );
  const named = (node) => `<${node.localName}> ${node.textContent.trim().slice(0, 40)}`;
  return {
    tables: [...root.querySelectorAll("table")]
      .filter((table) => table.tHead && table.querySelector(":scope > tbody > tr > td"))
      .filter((table) => table.closest("td, th") === null && !unseen(table) &&
        table.querySelector("th > div"))
      .map((table) => ({
        heads: [...table.tHead.rows[0].cells].map((cell) => ({
          ...box(cell), text: cell.textContent.trim(),
        })),
        bands: [...table.querySelectorAll("tbody > tr:first-child > td:first-child > pre > span")]
          .map((_, band) => [...table.tBodies[0].rows[0].cells].map((cell) => {
            const code = cell.querySelectorAll("pre > span")[band];
            return { ...box(code), text: code.textContent };
          })),
      })),
    aside: elements
      .filter((node) => box(node).right > room.right + 1 || box(node).left < room.left - 1)
      .map((node) => `${named(node)}: ${box(node).left} to ${box(node).right}`),
    wider: elements
      .filter((node) => !(node instanceof SVGElement) && node.clientWidth &&
        node.scrollWidth > node.clientWidth + 1)
      .map((node) => `${named(node)}: ${node.scrollWidth} in ${node.clientWidth}`),
    bottom: Math.max(0, ...elements.map((node) => box(node).bottom)),
  };
};
// Every slide of a page of reveal.js, one after the other.
window.seenSlides = async (prefix) => {
  const Reveal = await new Promise((done) => require([`${prefix}/dist/reveal.js`], done));
  while (!Reveal.isReady?.()) await new Promise((done) => setTimeout(done, 20));
  Reveal.configure({ transition: "none", backgroundTransition: "none" });
  const found = [];
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v ?? 0);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const room = document.querySelector(".slides").getBoundingClientRect();
    found.push({ ...window.seen(slide, room), height: innerHeight });
  }
  return found;
};
// Playwright calls a function that a script ends with.
void 0;
