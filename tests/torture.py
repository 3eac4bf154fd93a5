"""A deck that holds whatever a notebook can hold, in sizes that nobody sensible would show.

`python -m tests.torture FOLDER` writes it to FOLDER/decks/torture, to be built with --no-run.
"""

import base64
import struct
import sys
import zlib
from pathlib import Path

from tests.conftest import Project, code, prose, text_output

NAMES = ("pytorch", "mxnet", "tensorflow", "jax")

DECK = """\
title: Torture
minutes: 30
frameworks: [{frameworks}]
steps: [code, outputs]
sections:
  - {{title: Words, minutes: 10, slides: words.ipynb}}
  - title: Side by side
    minutes: 20
    abreast: {{{notebooks}}}
  - {{title: What it cost, timings: true}}
"""


def png(width, height, colour=(70, 110, 170)):
    """Return a plain PNG, base64."""
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


SVG = (
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="460" height="300" '
    'viewBox="0 0 460 300"><defs><style>*{stroke-linejoin:round}</style><clipPath id="p">'
    '<rect width="400" height="240" x="40" y="20"/></clipPath></defs>'
    '<rect width="460" height="300" fill="#ffffff"/><g clip-path="url(#p)">'
    '<path d="M40 240 L160 140 L280 90 L420 60" stroke="#1f77b4" stroke-width="3" fill="none"/></g>'
    '<path d="M40 260 H440 M40 260 V20" stroke="#000000" fill="none"/>'
    '<text x="200" y="290" font-size="16" fill="#000000">epoch</text></svg>'
)


def data(bundle, **metadata):
    return {
        "output_type": "display_data", "data": bundle, "metadata": metadata,
    }  # fmt: skip


def frame(rows, columns):
    """Return a table as pandas writes it."""
    head = "".join(f"<th>column {c}</th>" for c in range(columns))
    body = "".join(
        f"<tr><th>{r}</th>" + "".join(f"<td>{r * c / 7:.6f}</td>" for c in range(columns)) + "</tr>"
        for r in range(rows)
    )
    return data({
        "text/html": "<div>\n<style scoped>\n    .dataframe tbody tr th { vertical-align: top; }\n"
        '</style>\n<table border="1" class="dataframe">\n'
        f'<thead><tr style="text-align: right;"><th></th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>\n<p>{rows} rows × {columns} columns</p>\n</div>",
        "text/plain": "   column 0",
    })  # fmt: skip


TRACEBACK = [
    "\x1b[31m" + "-" * 75 + "\x1b[39m",
    "\x1b[31mZeroDivisionError\x1b[39m                 Traceback (most recent call last)",
    (
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[1]\x1b[39m\x1b[32m, line 2\x1b[39m\n"
        "\x1b[32m      1\x1b[39m x = \x1b[32m0\x1b[39m\n\x1b[32m----> \x1b[39m\x1b[32m2\x1b[39m "
        "\x1b[32;43m1\x1b[39;49m\x1b[43m \x1b[49m/ x"
    ),
    "\x1b[31mZeroDivisionError\x1b[39m: division by zero",
]
ERROR = {
    "output_type": "error", "ename": "ZeroDivisionError", "evalue": "division by zero",
    "traceback": TRACEBACK,
}  # fmt: skip


def long_code(name):
    lines = [f"value_{n} = {name}.layer_{n}(input_{n}, size={n * 3})" for n in range(80)]
    return "\n".join(lines)


def wide_code(name):
    arguments = ", ".join(f"argument_{n}={name}.default({n})" for n in range(14))
    return (
        f"def build(inputs, depth=5):  # a comment that goes on and on until it has left any column\n"
        f"    result = {name}.make_everything({arguments})\n"
        f'    text = "{"a string that does not end " * 9}"\n'
        f"    total = first_part_of_it + second_part_of_it * third_part_of_it - fourth_part_of_it\n"
        f"    if result is not None and result.shape[0] > 1000 and result.dtype == {name}.float32:\n"
        f"        return [item.strip().lower().replace('a', 'b') for item in result if item.ok]\n"
    )


OUTPUTS = {
    "Huge text": [text_output("".join(f"step {n}: loss {1 / (n + 1):.6f}\n" for n in range(3000)))],
    "Long lines": [text_output("word " * 400 + "\n" + "x" * 1200 + "\n")],
    "Colours": [
        text_output("\x1b[1;31mred and bold\x1b[0m \x1b[42mon green\x1b[0m \x1b[38;5;208morange\n")
    ],
    "Progress": [
        {"output_type": "stream", "name": "stderr",
         "text": "".join(f"\rEpoch {n}/50 [{'=' * n:50}]" for n in range(51)) + "\n"},
        text_output("done\n"),
    ],
    "An error": [ERROR],
    "A wide table": [frame(8, 60)],
    "A long table": [frame(300, 4)],
    "A small table": [frame(3, 3)],
    "Plots": [
        data({"image/svg+xml": SVG, "text/plain": "<Figure>"}, alt="The loss goes down"),
        data({"image/png": png(640, 400), "text/plain": "<Figure>"}, alt="A blue field"),
    ],
    "A tall picture": [data({"image/png": png(40, 2000)}, alt="A blue bar")],
    "A wide picture": [data({"image/png": png(4000, 30)}, alt="A blue line")],
    "Mathematics": [data({"text/latex": r"$\displaystyle \int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}$"})],
    "Markdown": [data({"text/markdown": "**bold** and $x^2$\n\n- one\n- two\n" * 12})],
    "JSON": [data({"application/json": {f"key {n}": list(range(n % 9)) for n in range(60)}})],
    "A widget": [
        data({"application/vnd.jupyter.widget-view+json": {"model_id": "0"},
              "text/plain": "IntSlider(value=7, description='depth')"})
    ],
    "Rich HTML": [
        data({"text/html": "<p>Some <b>words</b>.</p><script>alert(1)</script>" * 30})
    ],
    "日本語の出力": [text_output("深層学習の枠組みを並べて比較する。" * 30 + "\n" + "🙂👩‍👩‍👧" * 60)],
    "Boxes": [text_output("┌──────┬──────┐\n│ loss │ 0.12 │\n└──────┴──────┘\n")],
    "عربي": [text_output("مرحبا بالعالم — טקסט בעברית\n")],
    "Several at once": [
        text_output("".join(f"line {n}\n" for n in range(30))),
        data({"image/png": png(640, 400)}, alt="A blue field"),
        frame(20, 5),
    ],
}  # fmt: skip

WORDS = (
    prose("# Torture\n\nWhatever a notebook can hold."),
    prose("## Long prose\n\n" + "A sentence that says little. " * 150),
    prose(
        "## A long list\n\n" + "\n".join(f"- item {n} of a list without an end" for n in range(60))
    ),
    prose(
        "## Unbroken\n\n" + "Donaudampfschifffahrtsgesellschaft" * 30 + "\n\n" + "深層学習" * 120
    ),
    prose(
        "## Mathematics\n\nInline $E = mc^2$, and displayed:\n\n"
        r"$$\begin{pmatrix} a & b \\ c & d \end{pmatrix} \sum_{n=1}^{\infty} \frac{1}{n^2}$$"
        "\n\n$$" + " + ".join(f"x_{{{n}}}^{{{n}}}" for n in range(60)) + "$$"
    ),
    prose("## عنوان\n\nهذا نص عربي من اليمين إلى اليسار مع كلمة English في الوسط."),
    prose("## A picture\n\n![A blue field](data:image/png;base64," + png(900, 1600) + ")"),
    prose("## Code in prose\n\n```python\n" + "print('a line of code')\n" * 50 + "```"),
    prose("## A table\n\n|" + "head|" * 14 + "\n|" + "-|" * 14 + ("\n|" + "value|" * 14) * 40),
    prose("## " + "A title that is far too long to be a title " * 5 + "\n\nShort."),
)


def cells_of(name):
    cells = [
        prose("## Eighty lines"), code(long_code(name)),
        prose("## Wide lines"), code(wide_code(name)),
        prose("## 日本語"), code(f'# 深層学習の枠組みを並べて比較するための長い注釈です。もっと長くします。\ntitle = "{name}: 深層学習"'),
        prose("## One word"), code(f'{name} = "{"x" * 700}"'),
    ]  # fmt: skip
    for n, (title, outputs) in enumerate(OUTPUTS.items()):
        cells += [prose(f"## {title}"), code(f"{name}.show(step_{n})", outputs=outputs)]
    return cells


def write_torture(project, columns=4, name="torture"):
    """Write the deck with so many columns into a project's decks/."""
    chosen = NAMES[:columns]
    text = DECK.format(
        frameworks=", ".join(chosen), notebooks=", ".join(f"{n}: {n}.ipynb" for n in chosen)
    )
    return project.deck(name, text, words=WORDS, **{n: cells_of(n) for n in chosen})


if __name__ == "__main__":
    write_torture(Project(Path(sys.argv[1])))
