"use strict";
// Copying gives the author's source, not the lines that were broken for the slide.
(() => {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".copy");
    if (!button) return;
    await write(button.dataset.source);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });

  // navigator.clipboard needs a secure context, which file:// is not everywhere.
  async function write(text) {
    try { await navigator.clipboard.writeText(text); return; } catch { /* the older way */ }
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  // A selection stays in the column that it begins in.
  document.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest?.(".columns > [data-column]");
    for (const other of document.querySelectorAll(".slide.present .columns > [data-column]")) {
      other.classList.toggle("apart", Boolean(cell) && other.dataset.column !== cell.dataset.column);
    }
  });

  document.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (!selection.rangeCount || document.activeElement?.matches("textarea,input")) return;
    const range = selection.getRangeAt(0);
    const bands = [...document.querySelectorAll(".slide.present .band[data-lines]")]
      .filter((band) => range.intersectsNode(band) && !band.matches(".apart") && band.checkVisibility());
    const parts = bands.map((band) => [band, ...touched(band, range)]);
    // Within one line the selection itself is the author's.
    if (!bands.length || (bands.length === 1 && parts[0][1] === parts[0][2])) return;
    const byColumn = new Map();
    for (const [band, first, last] of parts) {
      const numbers = band.dataset.lines.split(",").map(Number).slice(first, last + 1);
      const column = band.dataset.column;
      byColumn.set(column, [...(byColumn.get(column) ?? []), ...numbers]);
    }
    const texts = [...byColumn].map(([column, numbers]) => source(column, numbers));
    event.clipboardData.setData("text/plain", texts.join("\n\n"));
    event.preventDefault();
  });

  // The first and the last of a band's lines that a range touches, from 0.
  function touched(band, range) {
    const lines = (node, offset) => {
      const before = document.createRange();
      before.selectNodeContents(band);
      before.setEnd(node, offset);
      return before.toString().split("\n").length - 1;
    };
    const first = band.contains(range.startContainer)
      ? lines(range.startContainer, range.startOffset) : 0;
    const last = band.contains(range.endContainer)
      ? lines(range.endContainer, range.endOffset) : Infinity;
    return [first, last];
  }

  // The author's lines from the first number up to the line before the next one shown: a line that
  // was joined to the one before it has no number of its own.
  function source(column, numbers) {
    const at = `[data-column="${CSS.escape(column)}"]`;
    const slide = document.querySelector(".slide.present");
    const { source: whole, last: end } = slide.querySelector(`.head${at} .copy`).dataset;
    const lines = whole.split("\n").slice(0, Number(end) || undefined);
    const all = [...slide.querySelectorAll(`.band${at}[data-lines]`)]
      .flatMap((band) => band.dataset.lines.split(",").map(Number));
    const last = Math.max(...numbers);
    const next = Math.min(...all.filter((number) => number > last), lines.length + 1);
    return lines.slice(Math.min(...numbers) - 1, next - 1).join("\n").trimEnd();
  }
})();
