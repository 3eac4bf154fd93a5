(() => {
  const root = document.querySelector(".reveal");
  const seconds = Number(root.dataset.seconds) || null;
  Reveal.initialize({
    width: 1280, height: 720, margin: 0, center: false, hash: true, history: true,
    controls: false, progress: true, slideNumber: "c/t", transition: "none",
    backgroundTransition: "none", pdfSeparateFragments: false,
    totalTime: seconds, plugins: [RevealNotes],
  }).then(() => {
    // role=application would shut screen readers out of the text.
    root.removeAttribute("role");
    const foot = document.createElement("div");
    foot.className = "foot";
    root.append(foot);
    const name = () => { foot.textContent = Reveal.getCurrentSlide()?.dataset.section ?? ""; };
    Reveal.on("slidechanged", name);
    name();
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".copy");
    if (!button) return;
    await copy(button.dataset.source);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  // navigator.clipboard needs a secure context, which file:// is not everywhere.
  async function copy(text) {
    try { await navigator.clipboard.writeText(text); return; } catch { /* the older way */ }
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
})();
