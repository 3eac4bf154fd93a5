// Typesets a formula with KaTeX and measures its layout tree, before any browser.
// Lengths are em of KaTeX's own type; Python multiplies them by what katex.min.css sets.

const RED = "#b42318";
const REFUSED = new RegExp(`mathcolor="${RED}"><mtext>([^<]*)`);
const LINKS = ["\\href", "\\url"];
const PROTOCOLS = ["http", "https", "mailto"];
// A letter's box around the baseline, with prose.css's line height of 1.
const [ABOVE, BELOW] = [0.82, 0.26];
const SCALES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488];

// What katex.min.css gives a class, in the stylesheet's order: family, weight, style.
const FACES = {
  textbf: { weight: "Bold" },
  textit: { style: "Italic" },
  textrm: { family: "Main" },
  textsf: { family: "SansSerif" },
  texttt: { family: "Typewriter" },
  mathnormal: { family: "Math", style: "Italic" },
  mathit: { family: "Main", style: "Italic" },
  mathrm: { style: "" },
  mathbf: { family: "Main", weight: "Bold" },
  boldsymbol: { family: "Math", weight: "Bold", style: "Italic" },
  amsrm: { family: "AMS" },
  mathbb: { family: "AMS" },
  textbb: { family: "AMS" },
  mathcal: { family: "Caligraphic" },
  mathfrak: { family: "Fraktur" },
  textfrak: { family: "Fraktur" },
  mathboldfrak: { family: "Fraktur", weight: "Bold" },
  textboldfrak: { family: "Fraktur", weight: "Bold" },
  mathtt: { family: "Typewriter" },
  mathscr: { family: "Script" },
  textscr: { family: "Script" },
  mathsf: { family: "SansSerif" },
  mathboldsf: { family: "SansSerif", weight: "Bold" },
  textboldsf: { family: "SansSerif", weight: "Bold" },
  mathitsf: { family: "SansSerif", style: "Italic" },
  mathsfit: { family: "SansSerif", style: "Italic" },
  textitsf: { family: "SansSerif", style: "Italic" },
  mainrm: { family: "Main", style: "" },
  "small-op": { family: "Size1" },
  "large-op": { family: "Size2" },
  "delim-size1": { family: "Size1" },
  "delim-size4": { family: "Size4" },
};
const FILES = {
  Caligraphic: ["Regular", "Bold"],
  Fraktur: ["Regular", "Bold"],
  Main: ["Regular", "Bold", "Italic", "BoldItalic"],
  Math: ["Italic", "BoldItalic"],
  SansSerif: ["Regular", "Bold", "Italic"],
};

// Where KaTeX's metrics are not those of its fonts: what to add.
const CORRECTIONS = {
  "\u222c": { Size1: 0.347, Size2: 0.528 },
  "\u222d": { Size1: 0.694, Size2: 1.036 },
  "\u00b0": { Main: -0.25, SansSerif: -0.35 },
};

// Boxes that take no room in their line.
const EMPTY = ["katex-strut", "pstrut", "llap", "rlap", "clap", "katex-thinbox", "mtr-glue",
  "cd-label-left", "cd-label-right", "katex-tag", "eqn-num"];
// Padding or margin, left and right together, that the stylesheet gives.
const EXTRA = {
  nulldelimiter: 0.12, "katex-root": 0.2777777778 - 0.5555555556, "x-arrow-pad": 1,
  "cd-arrow-pad": 0.83334, boxpad: 0.6, "cancel-pad": 0.4, "cancel-lap": -0.4,
  angl: 0.03889, anglpad: 0.07778,
};

// KaTeX joins neighbours of one font into one symbol and keeps the first one's width: as it
// reads the second's text just before it writes the first's, their widths can be added.
let read = null;
Object.defineProperty(katex.__domTree.SymbolNode.prototype, "text", {
  get() { read = this; return this.own; },
  set(text) {
    if (read && read !== this && this.own && text === this.own + read.own) this.width += read.width;
    this.own = text;
    read = null;
  },
});

const em = (length) => (/^-?[\d.]+em$/.test(length || "") ? parseFloat(length) : 0);

function margins(style) {
  const [, both] = (style.margin || "").split(" ");
  return em(style.marginLeft) + em(style.marginRight) + em(style.paddingLeft)
    + em(style.paddingRight) + em(style.borderRightWidth) + 2 * em(both);
}

function scaled(classes, scale) {
  if (!classes.includes("katex-sizing") && !classes.includes("fontsize-ensurer")) return scale;
  const size = (pattern) => classes.map((name) => pattern.exec(name)).filter(Boolean)[0];
  const [from, to] = [size(/^reset-size(\d+)$/), size(/^size(\d+)$/)];
  return from && to ? (scale * SCALES[to[1] - 1]) / SCALES[from[1] - 1] : scale;
}

function faced(classes, face) {
  const own = Object.keys(FACES).filter((name) => classes.includes(name));
  const delimiter = classes.includes("delimsizing") && classes.find((n) => /^size[1-4]$/.test(n));
  if (delimiter) return { ...face, family: "Size" + delimiter[4] };
  return own.length ? Object.assign({}, face, ...own.map((name) => FACES[name])) : face;
}

function file({ family, weight, style }) {
  const there = FILES[family] || ["Regular"];
  // As a browser matches faces: the style counts before the weight.
  const wanted = [weight + style || "Regular", style, weight, "Regular", "Italic"];
  return `KaTeX_${family}-${wanted.find((name) => there.includes(name))}`;
}

const correction = (char, face) => (CORRECTIONS[char] || {})[face.family] || 0;

function symbol(node, scale, face, seen) {
  const drawn = node.text.replace(/[\u200b\s]/gu, "");
  // A character that no KaTeX font has is drawn by another font; CJK is square.
  const unknown = !node.width && !node.height && drawn;
  if (!unknown) seen.fonts.add(file(face));
  seen.scale = Math.max(seen.scale, scale);
  const width = unknown
    ? [...drawn].length * (/[\u1100-\u{3ffff}]/u.test(drawn) ? 1 : 0.75)
    : [...drawn].reduce((sum, char) => sum + correction(char, face), node.width);
  return scale * (width + Math.max(0, node.italic) + margins(node.style));
}

function widthOf(node, scale, face, seen) {
  const { classes = [], style = {}, children = [] } = node;
  if (EMPTY.some((name) => classes.includes(name))) return 0;
  scale = scaled(classes, scale);
  face = faced(classes, face);
  if (node instanceof katex.__domTree.SymbolNode) return symbol(node, scale, face, seen);
  const widths = children.map((child) => widthOf(child, scale, face, seen));
  const stacked = classes.includes("vlist");
  let width = stacked ? Math.max(0, ...widths) : widths.reduce((sum, one) => sum + one, 0);
  width = Math.max(width, scale * em(style.minWidth));
  if (em(style.width)) width = scale * em(style.width);
  if (classes.includes("accent-body") && !classes.includes("accent-full")) width = 0;
  const extra = classes.reduce((sum, name) => sum + (EXTRA[name] || 0), 0);
  return width + scale * (extra + margins(style));
}

function measure(root) {
  // Its metrics place every formula, whatever else draws it.
  const seen = { fonts: new Set(["KaTeX_Main-Regular"]), scale: 1 };
  const face = { family: "Main", weight: "", style: "" };
  const lines = [{ parts: [], height: 0, depth: 0 }];
  let tag = 0;
  for (const node of root.children) {
    const line = lines[lines.length - 1];
    if (node.classes.includes("katex-newline")) {
      lines.push({ parts: [], height: 0, depth: 0 });
    } else if (node.classes.includes("katex-tag")) {
      tag = node.children.reduce((sum, one) => sum + widthOf(one, 1, face, seen), 0);
    } else {
      line.parts.push(widthOf(node, 1, face, seen));
      // Large type (\Large) has a line of its own height, which KaTeX leaves out.
      line.height = Math.max(line.height, node.height, seen.scale > 1 ? ABOVE * seen.scale : 0);
      line.depth = Math.max(line.depth, node.depth, seen.scale > 1 ? BELOW * seen.scale : 0);
    }
  }
  return { lines, tag, fonts: [...seen.fonts].sort() };
}

function find(node, name) {
  if ((node.classes || []).includes(name)) return node;
  return (node.children || []).reduce((found, child) => found || find(child, name), null);
}

function typeset(tex, display, macros) {
  const options = {
    displayMode: display, output: "htmlAndMathml", throwOnError: true, strict: "ignore",
    errorColor: RED, macros: { ...macros }, maxExpand: 1000, maxSize: 20,
    trust: ({ command, protocol }) => LINKS.includes(command) && PROTOCOLS.includes(protocol),
  };
  try {
    const tree = katex.__renderToDomTree(tex, options);
    const html = tree.toMarkup();
    const refused = REFUSED.exec(html);
    if (refused) return { problem: `${refused[1]} is not possible on a slide` };
    return { html, ...measure(find(tree, "katex-html")) };
  } catch (error) {
    return { problem: String(error.message || error) };
  }
}
