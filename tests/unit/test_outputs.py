import base64
import json
import struct
import zlib

import pytest
from abreast.slides import metrics
from abreast.slides.imagesizes import bitmap_size, svg_size
from abreast.slides.outputs import displays_height, fit_outputs, least_height
from abreast.slides.outputs.drawn import Drawn, parted
from abreast.slides.outputs.grids import grid_of
from abreast.slides.outputs.harmless import harmless
from abreast.slides.outputs.jsontext import json_text
from abreast.slides.outputs.narrowing import PAD, is_numeric
from abreast.slides.outputs.sgr import PLAIN, Style, stripped
from abreast.slides.outputs.tables import ROW
from abreast.slides.outputs.terminal import as_shown
from abreast.slides.outputs.wrapping import MARK, set_text
from hypothesis import given, settings
from hypothesis import strategies as st

PX = 13.5


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def bundle(metadata=None, **data):
    mimes = {"plain": "text/plain", "html": "text/html", "latex": "text/latex", "svg": "image/svg+xml",
             "png": "image/png", "markdown": "text/markdown", "json": "application/json"}  # fmt: skip
    return {
        "output_type": "display_data",
        "metadata": metadata or {},
        "data": {mimes.get(name, name): value for name, value in data.items()},
    }


def png(width, height):
    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes(width) for _ in range(height)))
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows)
    return base64.b64encode(content + chunk(b"IEND", b"")).decode()


def frame(rows, columns, text="{:.3f}"):
    """The HTML of a DataFrame, as pandas 2.3 writes it."""
    names = [f"col_{n}" for n in range(columns)]
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(
        f"<tr><th>{n}</th>{''.join(f'<td>{text.format(n / (c + 1))}</td>' for c in range(columns))}</tr>"
        for n in range(rows)
    )
    return (
        "<div>\n<style scoped>\n    .dataframe tbody tr th {\n        vertical-align: top;\n    }\n"
        f'</style>\n<table border="1" class="dataframe">\n<thead>\n<tr style="text-align: right;">'
        f"<th></th>{head}</tr></thead><tbody>{body}</tbody></table>\n"
        f"<p>{rows} rows \u00d7 {columns} columns</p>\n</div>"
    )


def fitted(*outputs, columns=3, room=1e6, px=PX, **kw):
    return fit_outputs(outputs, columns, px, room, **kw)


def one(*outputs, **kw):
    (display,) = fitted(*outputs, **kw)
    return display


def text_of(display):
    return [stripped(line.text) for line in display.lines]


# --- printed text


def test_streams_of_one_name_are_one_text():
    display = one(stream("a\n"), stream(["b\n", "c\n"]))
    assert (display.stream, text_of(display), display.hidden) == ("stdout", ["a", "b", "c"], 0)


def test_stderr_is_one_line_that_says_how_much_it_was():
    shown = fitted(stream("1\n"), stream("w\nx\n", "stderr"), stream("2\n"), stream("y", "stderr"))
    assert text_of(shown[0]) == ["1", "2"]
    (line,) = shown[1].lines
    assert (shown[1].stream, line.text, shown[1].hidden) == ("stderr", "stderr · 3 lines", 3)
    assert shown[1].full == "w\nx\ny"
    assert displays_height(shown[1:], PX) == pytest.approx(1.35 * PX)


def test_nothing_takes_no_room():
    assert fitted(stream("\n \n"), stream("", "stderr")) == ()
    assert least_height([stream("")], 3, PX) == displays_height((), PX) == 0


def test_a_progress_bar_ends_in_its_last_state():
    # tqdm 4.67, a bar inside a bar, the inner one with leave=False.
    text = "\r  0%|   | 0/2\n\r 50%|█  | 1/2\x1b[A\n\r          \x1b[A\r 50%|█  | 1/2\n\r100%|██ | 2/2\x1b[A\n\r             \x1b[A\r100%|███| 2/2\n"
    assert as_shown(text) == "100%|███| 2/2"
    # Keras 3 steps back and starts again.
    text = "Epoch 1/2\n" + "".join("\x08" * 40 + f"\r{n}/63 loss: {n}.0" for n in range(1, 64))
    assert as_shown(text) == "Epoch 1/2\n63/63 loss: 63.0"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("abc\rX", "Xbc"),
        ("abc\r\x1b[KX", "X"),
        ("ab\b\bX", "Xb"),
        ("a\r\nb\r\n", "a\nb"),
        ("a\tb\n\tc", "a       b\n        c"),
        ("中文\rab", "ab文"),
        ("中文\r\x1b[Cx", " x文"),
        ("e\u0301\x07x", "e\u0301x"),
        ("\x1b]8;;http://a.b\x07link\x1b]8;;\x07 \x1b[?25lx\x1b(B", "link x"),
        ("\x1b[31mred", "\x1b[0;31mred\x1b[0m"),
        ("a\x1b[1mb\nc\x1b[md", "a\x1b[0;1mb\x1b[0m\n\x1b[0;1mc\x1b[0md"),
        ("\x1b[38;5;28;01mx\x1b[39;00my", "\x1b[0;1;38;5;28mx\x1b[0my"),
    ],
)
def test_text_is_as_a_terminal_leaves_it(printed, shown):
    assert as_shown(printed) == shown


def test_styles_are_read_as_terminals_read_them():
    def style(*parameters):
        result = PLAIN
        for each in parameters:
            result = result.then(each)
        return result

    assert style("1;31") == Style(bold=True, colour=1)
    assert style("97;104") == Style(colour=15, background=12)
    assert (
        style("38;2;1;2;3")
        == style("38:2:1:2:3")
        == style("38:2::1:2:3")
        == Style(colour=(1, 2, 3))
    )
    assert style("1;4;7", "22;24", "27") == style("31", "") == style("31", "39") == PLAIN
    assert style("48;5;208", "49") == style("38;5").then("0") == PLAIN


def test_long_text_keeps_its_head_and_its_tail():
    text = "\n".join(f"line {n}" for n in range(1, 101))
    display = one(stream(text), room=10 * 1.35 * PX)
    assert (len(display.lines), display.head, display.hidden) == (9, 5, 91)
    assert [line.number for line in display.lines] == [1, 2, 3, 4, 5, 97, 98, 99, 100]
    assert display.full == text
    least = one(stream(text), room=0)
    assert (len(least.lines), least.head, least.hidden) == (5, 3, 95)


def test_a_cut_is_between_two_of_the_authors_lines_where_one_is_near():
    text = "\n".join(f"{n:02d} " + "word " * 12 for n in range(40))
    display = one(stream(text), room=12 * 1.35 * PX)
    after = display.lines[display.head]
    assert not after.soft
    assert display.lines[display.head - 1].number + display.hidden + 1 == after.number


def test_a_single_endless_line_is_cut_too():
    display = one(stream(str(list(range(3000)))), room=8 * 1.35 * PX)
    assert len(display.lines) == 7
    assert display.hidden == 1
    assert {line.number for line in display.lines} == {1}


def test_the_tail_has_the_colour_that_was_open_in_what_is_hidden():
    display = one(stream("\x1b[31m" + "red " * 500 + "\x1b[0m"), room=6 * 1.35 * PX)
    assert display.lines[display.head].text.startswith("\x1b[0;31m")


def test_long_lines_break_at_spaces_near_their_end_else_anywhere_but_in_graphemes():
    first, second = set_text("aaaa bbbb cccc dddd", 16)
    assert (first.text, second.text, second.soft) == ("aaaa bbbb cccc ", "dddd", True)
    family = "\N{WOMAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
    parts = set_text(family * 8, 9)
    assert all(len(line.text) % len(family) == 0 for line in parts)


# --- errors

TRACEBACK = [
    "\x1b[31m---------------------------------------------------------------------------\x1b[39m",
    "\x1b[31mAttributeError\x1b[39m                            Traceback (most recent call last)",
    (
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[9]\x1b[39m\x1b[32m, line 5\x1b[39m\n"
        "\x1b[32m      4\x1b[39m \x1b[38;5;28;01mclass\x1b[39;00m T: \x1b[38;5;28;01mpass\x1b[39;00m\n"
        "\x1b[32m----> \x1b[39m\x1b[32m5\x1b[39m step({\x1b[33m'x'\x1b[39m: T()})\n"
    ),
    (
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[9]\x1b[39m\x1b[32m, line 3\x1b[39m, in "
        "\x1b[36mstep\x1b[39m\x1b[34m(batch)\x1b[39m\n"
        "\x1b[32m      2\x1b[39m     loss = batch[\x1b[33m'x'\x1b[39m]\n"
        "\x1b[32m----> \x1b[39m\x1b[32m3\x1b[39m     loss.backwards()\n"
    ),
    "\x1b[31mAttributeError\x1b[39m: 'T' object has no attribute 'backwards'",
]
IN_A_LIBRARY = [
    (
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[10]\x1b[39m\x1b[32m, line 3\x1b[39m\n"
        "\x1b[32m----> \x1b[39m\x1b[32m3\x1b[39m json.loads('{')\n"
    ),
    (
        "\x1b[36mFile \x1b[39m\x1b[32m~/python3.11/json/decoder.py:355\x1b[39m, in "
        "\x1b[36mJSONDecoder.raw_decode\x1b[39m\x1b[34m(self, s, idx)\x1b[39m\n"
        "\x1b[32m--> \x1b[39m\x1b[32m355\x1b[39m     raise JSONDecodeError(s)\n"
    ),
    "\x1b[31mJSONDecodeError\x1b[39m: Expecting property name",
]
OLD = [
    "\x1b[0;31m----------\x1b[0m",
    "\x1b[0;31mZeroDivisionError\x1b[0m Traceback (most recent call last)",
    (
        "\x1b[0;32m<ipython-input-3-bc757c3fda29>\x1b[0m in \x1b[0;36m<module>\x1b[0;34m\x1b[0m\n"
        "\x1b[0;32m----> 1\x1b[0;31m \x1b[0;36m1\x1b[0m\x1b[0;34m/\x1b[0m\x1b[0;36m0\x1b[0m\n"
    ),
    "\x1b[0;31mZeroDivisionError\x1b[0m: division by zero",
]
VERSION_8_0 = [
    (
        "Input \x1b[0;32mIn [4]\x1b[0m, in \x1b[0;36m<cell line: 1>\x1b[0;34m()\x1b[0m\n"
        "\x1b[0;32m----> 1\x1b[0m x\n"
    ),
    "\x1b[0;31mNameError\x1b[0m: name 'x' is not defined",
]
PLAIN_PYTHON = [
    "Traceback (most recent call last):\n",
    '  File "/usr/lib/python3.12/code.py", line 90, in runcode\n    exec(code, self.locals)\n',
    '  File "<stdin>", line 2, in <module>\n    1/0\n    ~^~\n',
    "ZeroDivisionError: division by zero\n",
]
CHAINED = [
    "Cell In[15], line 2\n----> 2     1/0\n",
    "ZeroDivisionError: division by zero",
    "\nThe above exception was the direct cause of the following exception:\n",
    "Cell In[15], line 4\n----> 4     raise ValueError('bad') from e\n",
    "ValueError: bad",
]
SYNTAX = [
    "  Cell In[11], line 2\n    for i in range(3) print(i)\n                      ^\nSyntaxError: invalid syntax\n"
]
ELSEWHERE = [
    "Cell In[9], line 1\n----> 1 train(net)\n",
    "Cell In[3], line 7, in train(net)\n----> 7     net.fit()\n",
    "AttributeError: no fit",
]


def error(name, value, traceback):
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}


@pytest.mark.parametrize(
    ("output", "lines"),
    [
        (
            error("AttributeError", "'T' object has no attribute 'backwards'", TRACEBACK),
            ["line 3: loss.backwards()", "AttributeError: 'T' object has no attribute 'backwards'"],
        ),
        (error("JSONDecodeError", "Expecting", IN_A_LIBRARY), ["line 3: json.loads('{')", "JSONDecodeError: Expecting"]),
        (error("ZeroDivisionError", "division by zero", OLD), ["line 1: 1/0", "ZeroDivisionError: division by zero"]),
        (error("NameError", "name 'x' is not defined", VERSION_8_0), ["line 1: x", "NameError: name 'x' is not defined"]),
        (error("ZeroDivisionError", "division by zero", PLAIN_PYTHON), ["line 2: 1/0", "ZeroDivisionError: division by zero"]),
        (error("ValueError", "bad", CHAINED), ["line 4: raise ValueError('bad') from e", "ValueError: bad"]),
        (error("SyntaxError", "invalid syntax (28247.py, line 2)", SYNTAX), ["line 2: for i in range(3) print(i)", "SyntaxError: invalid syntax"]),
        (error("AttributeError", "no fit", ELSEWHERE), ["line 1: train(net)", "AttributeError: no fit"]),
        (error("KeyboardInterrupt", "", []), ["KeyboardInterrupt"]),
        (error("ERROR", "Error in eval(expr): object 'x' not found\n", ["Traceback:\n", "1. x"]), ["Error in eval(expr): object 'x' not found"]),
        (error("LoadError", "UndefVarError: `x` not defined", ["Stacktrace:", " [1] top-level"]), ["LoadError: UndefVarError: `x` not defined"]),
    ],
)  # fmt: skip
def test_an_error_is_folded_to_the_line_that_matters(output, lines):
    display = one(output, columns=1)
    assert display.stream == "error"
    assert text_of(display) == lines
    if output["traceback"]:
        assert display.full
        assert display.hidden == display.full.count("\n") + 1
        assert displays_height([display], PX) == pytest.approx((len(lines) + 1) * 1.35 * PX)


@pytest.mark.kernel
def test_a_real_kernels_tracebacks_are_read(tmp_path):
    from nbclient import NotebookClient
    from nbformat import v4

    sources = {
        "def f(x):\n    y = 1\n    return x.nothing\nf(3)": "line 3: return x.nothing",
        "import json\njson.loads('{')": "line 2: json.loads('{')",
        "x = (1,\n     2/0)": "line 2: 2/0)",
        "for x in 3 print(x)": "line 1: for x in 3 print(x)",
    }
    cells = [v4.new_code_cell(source) for source in sources]
    notebook = v4.new_notebook(cells=cells)
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute(cwd=str(tmp_path))
    for cell, expected in zip(notebook.cells, sources.values(), strict=True):
        assert text_of(one(*cell.outputs, columns=1))[0] == expected


# --- tables


def test_a_data_frame_is_a_table_at_the_outputs_own_size():
    display = one(bundle(html=frame(3, 2), plain="   col_0"))
    assert display.kind == "table"
    assert display.head == (("", "col_0", "col_1"),)
    assert display.rows[1] == ("1", "1.000", "0.500")
    assert (display.row_heads, display.font_px, display.full) == (1, PX, "")
    assert displays_height([display], PX) == pytest.approx(4 * ROW * PX)


def test_a_wide_table_is_set_smaller_then_loses_columns_in_the_middle():
    smaller = one(bundle(html=frame(3, 6)), px=18.0)
    assert metrics.floor_px(3) <= smaller.font_px < 18
    assert not smaller.hidden_columns
    narrow = one(bundle(html=frame(3, 12)))
    assert narrow.font_px == metrics.floor_px(3)
    assert narrow.head[0].count("…") == 1
    assert len(narrow.head[0]) - 2 + narrow.hidden_columns == 12
    assert (narrow.head[0][1], narrow.head[0][-1]) == ("col_0", "col_11")
    assert "<table" in narrow.full
    assert "<style" not in narrow.full


def test_a_high_table_loses_rows_in_the_middle():
    display = one(bundle(html=frame(100, 3)), room=10.5 * ROW * metrics.floor_px(3))
    assert display.rows[len(display.rows) // 2] == ("…",) * 4
    assert len(display.rows) - 1 + display.hidden_rows == 100
    assert (display.rows[0][0], display.rows[-1][0]) == ("0", "99")
    assert displays_height([display], PX) <= 10.5 * ROW * metrics.floor_px(3)


def test_a_high_table_is_set_smaller_where_that_shows_all_of_it():
    display = one(bundle(html=frame(12, 2)), px=18.0, room=13 * ROW * 14.0)
    assert (display.hidden_rows, display.font_px) == (0, pytest.approx(14.0))


def test_what_the_table_itself_leaves_out_is_counted():
    # pandas shows 10 of 60 rows, with a row of dots in the middle.
    html = frame(11, 2).replace("11 rows", "60 rows")
    display = one(bundle(html=html), room=6.5 * ROW * metrics.floor_px(3))
    assert len(display.rows) - 1 + display.hidden_rows == 60


def test_spans_are_spread_and_named_again_after_a_cut():
    html = (
        "<table><thead><tr><th></th><th></th><th colspan=2>mean</th></tr>"
        "<tr><th>split</th><th>metric</th><th>cpu</th><th>gpu</th></tr></thead><tbody>"
        + "".join(
            f"<tr><th rowspan=4>{name}</th><th>0</th><td>1</td><td>2</td></tr>"
            + "".join(f"<tr><th>{n}</th><td>1</td><td>2</td></tr>" for n in (1, 2, 3))
            for name in ("train", "test")
        )
        + "</tbody></table>"
    )
    grid = grid_of(html)
    assert grid.head == (("", "", "mean", ""), ("split", "metric", "cpu", "gpu"))
    assert grid.row_heads == 2
    assert [row[0] for row in grid.rows] == ["train", "", "", "", "test", "", "", ""]
    cut = one(bundle(html=html), room=0)
    assert [row[0] for row in cut.rows] == ["train", "", "…", "test"]


def test_long_texts_are_shortened_before_columns_go():
    html = frame(3, 2).replace("<td>1.000</td>", f"<td>{'words and ' * 9}</td>")
    display = one(bundle(html=html))
    assert display.hidden_columns == 0
    assert display.rows[1][1].endswith("…")
    assert "words and words and words and words and words and" in display.full


@pytest.mark.parametrize(
    "html",
    [
        "<h3>Title</h3><table><tr><td>1</td></tr></table>",
        "<table><tr><td><img src='data:image/png;base64,AA'></td></tr></table>",
        "<table><tr><td><table><tr><td>1</td></tr></table></td></tr></table>",
        "<table><tr><td>1</td></tr></table><table><tr><td>2</td></tr></table>",
        "<style>#T_1 .col0 {background-color: red}</style><table id=T_1><tr><td>1</td></tr></table>",
        "<table><tr><td style='background: red'>1</td></tr></table>",
        "<p>no table</p>",
    ],
)
def test_what_is_more_than_one_plain_table_is_a_box(html):
    assert one(bundle(html=html)).kind == "html"


def test_colabs_buttons_do_not_hide_a_table():
    around = (
        '<div id="df-1" class="colab-df-container">{}<div class="colab-df-buttons"><button '
        'class="colab-df-convert" onclick="convert()"><svg><path d="M0 0"/></svg></button><style>'
        ".colab-df-convert {{background-color: #E8F0FE; fill: #1967D2;}}</style><script>"
        "document.querySelector('#df-1 button');</script></div></div>"
    )
    assert one(bundle(html=around.format(frame(2, 2)))).kind == "table"


def test_tables_drawn_with_characters_are_tables():
    keras = (
        'Model: "sequential"\n'
        "┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━┓\n"
        "┃\x1b[1m Layer (type)    \x1b[0m┃\x1b[1m Output Shape     \x1b[0m┃ Param… ┃\n"
        "┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━┩\n"
        "│ conv2d (Conv2D) │ (None, 54, 54,   │ 11,712 │\n"
        "│                 │ 96)              │        │\n"
        "├─────────────────┼──────────────────┼────────┤\n"
        "│ flatten         │ (None, 6400)     │      0 │\n"
        "└─────────────────┴──────────────────┴────────┘\n"
        " Total params: 11,712\n"
    )
    before, table, after = fitted(stream(keras))
    assert text_of(before) == ['Model: "sequential"']
    assert table.head == (("Layer (type)", "Output Shape", "Param…"),)
    assert table.rows[0] == ("conv2d (Conv2D)", "(None, 54, 54, 96)", "11,712")
    assert text_of(after) == ["Total params: 11,712"]


@pytest.mark.parametrize(
    ("text", "head", "rows"),
    [
        (
            "┌──────┬─────┐\n│ name ┆ x   │\n│ ---  ┆ --- │\n│ str  ┆ f64 │\n╞══════╪═════╡\n│ a    ┆ 1.5 │\n│ b    ┆ 2.5 │\n└──────┴─────┘",
            (("name", "x"), ("str", "f64")),
            (("a", "1.5"), ("b", "2.5")),
        ),
        (
            "+---+-----+\n|age| name|\n+---+-----+\n|  2|Alice|\n|  5|  Bob|\n+---+-----+",
            (("age", "name"),),
            (("2", "Alice"), ("5", "Bob")),
        ),
    ],
)
def test_polars_and_spark_draw_tables(text, head, rows):
    (drawn,) = parted(text)
    assert isinstance(drawn, Drawn)
    assert (drawn.grid.head, drawn.grid.rows) == (head, rows)


@pytest.mark.parametrize(
    "text", ["+---+\n| a |\n+---+", "┌──┬──┐\n│ a b │\n└──┴──┘", "├── a\n└── b", "---+---\n1  | 2"]
)
def test_other_drawings_stay_text(text):
    assert parted(text) == (text,)


def test_numbers_are_recognised():
    assert is_numeric(["1", "-2.5", "3e-4", "1,024", "50%", "NaN", "…", ""])
    assert not is_numeric(["a", "1"])
    assert not is_numeric(["2026-01-01"])
    assert not is_numeric(["", "…"])


# --- pictures


def test_a_picture_takes_the_room_that_is_left():
    text = "\n".join("abcde")
    printed, picture = fitted(stream(text), bundle(png=png(600, 400)), room=300)
    assert len(printed.lines) == 5
    assert displays_height((printed, picture), PX) == pytest.approx(300, abs=30)
    assert picture.width_px / picture.height_px == pytest.approx(1.5, rel=1e-3)


def test_more_outputs_than_a_slide_holds_stand_in_a_box_that_scrolls():
    plots = [bundle(png=png(600, 400)) for _ in range(20)]
    assert least_height(plots, 3, PX) == 440
    *shown, box = fitted(*plots, stream("done\n"), room=560)
    assert len(shown) >= 3
    assert displays_height((*shown, box), PX) <= 560
    assert box.html.count("<img") == 20 - len(shown)
    assert box.html.startswith(f"<p><b>{21 - len(shown)} more outputs</b></p>")
    assert "<pre>done</pre>" in box.html


def test_a_picture_is_never_much_larger_than_it_was_made():
    picture = one(bundle(png=png(40, 20)))
    assert (picture.width_px, picture.height_px) == (60, 30)


def test_a_retina_plot_says_its_own_size():
    size = {"image/png": {"width": 300, "height": 200}}
    assert one(bundle(size, png=png(600, 400)), columns=1).height_px == 300
    assert one(bundle({"image/png": {"width": 300}}, png=png(600, 400)), columns=1).height_px == 300


def test_alt_text_comes_from_the_output_then_from_the_cell():
    picture = png(9, 9)
    assert (
        one(bundle({"image/png": {"alt": "own"}, "alt": "all"}, png=picture), alt="cell").alt
        == "own"
    )
    assert one(bundle({"alt": "all"}, png=picture), alt="cell").alt == "all"
    assert one(bundle(png=picture), alt="cell").alt == "cell"
    assert not one(bundle(png=picture)).alt


def test_sizes_are_read_from_the_first_bytes():
    assert bitmap_size(base64.b64decode(png(7, 5))) == (7, 5)
    assert bitmap_size(b"GIF89a" + struct.pack("<HH", 7, 5)) == (7, 5)
    jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08" + struct.pack(">HH", 5, 7)
    assert bitmap_size(jpeg) == (7, 5)
    webp = b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0\x06\0\0\x04\0\0"
    assert bitmap_size(webp) == (7, 5)
    lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 6 | 4 << 14)
    assert bitmap_size(lossless) == (7, 5)
    assert (
        bitmap_size(b"")
        is bitmap_size(b"\x89PNG\r\n\x1a\n")
        is bitmap_size(b"\xff\xd8\xff")
        is None
    )
    assert svg_size('<svg width="72pt" height="36pt">') == (96, 48)
    assert svg_size('<?xml version="1.0"?><svg:svg viewBox="0 0 30 20"/>') == (30, 20)
    assert svg_size('<svg width="100%" viewBox="0 0 30 20" height="10px">') == (15, 10)
    assert svg_size("<svg>") is None


def test_what_is_no_picture_leaves_the_next_form():
    assert text_of(one(bundle(png="nonsense", plain="<Figure>"))) == ["<Figure>"]


# --- the richest form that works offline


def test_scripts_never_win():
    plotly = bundle(
        **{"application/vnd.plotly.v1+json": {"data": []}},
        html="<div id=p></div><script>Plotly.newPlot('p')</script>",
    )
    assert text_of(one(plotly)) == ["plotly: not shown, it needs scripts"]
    assert one(bundle(**plotly["data"], png=png(9, 9))).kind == "image"
    frame_ = "<iframe src='https://example.org'></iframe>"
    assert text_of(one(bundle(html=frame_, plain="<IPython.lib.display.IFrame at 0x7f>"))) == [
        "web page: not shown, it needs a network"
    ]


def test_widgets_show_their_static_form_or_their_name():
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}
    assert text_of(one(bundle(**widget, plain="IntSlider(value=7)"))) == ["widget: IntSlider"]
    assert text_of(one(bundle(**widget, plain="  0%|    | 0/9 [00:00<?]"))) == [
        "widget: progress bar"
    ]
    assert one(bundle(**widget, html="<b>7</b>", plain="Box()")).kind == "html"


def test_styles_and_scripts_alone_show_nothing():
    object_ = "<IPython.core.display.HTML object>"
    assert fitted(bundle(html="<style>a{color:red}</style>", plain=object_)) == ()
    script = {"application/javascript": "alert(1)"}
    assert fitted(bundle(**script, plain="<IPython.core.display.Javascript object>")) == ()


def test_an_object_is_shown_only_where_there_is_nothing_else():
    assert one(bundle(html="<b>x</b>", plain="<IPython.core.display.HTML object>")).kind == "html"
    assert text_of(one(bundle(plain="<pkg.Thing at 0x7f>"))) == ["<pkg.Thing at 0x7f>"]


def test_preformatted_html_is_text():
    rich = bundle(
        html='<pre style="white-space:pre"><span style="color:#0f0">x</span> y\n</pre>',
        plain="\x1b[32mx\x1b[0m y\n",
    )
    assert one(rich).lines[0].text == "\x1b[0;32mx\x1b[0m y"
    assert text_of(one(bundle(html="<pre>a &lt; b</pre>"))) == ["a < b"]


def test_r_vectors_are_text():
    html = "<style>\n.list-inline {margin:0}\n</style>\n<ol class=list-inline><li>1</li><li>2</li></ol>\n"
    assert text_of(one(bundle(html=html, latex="\\begin{enumerate*}…", plain="[1] 1 2"))) == [
        "[1] 1 2"
    ]


def test_json_is_pretty_printed_where_it_is_long():
    assert text_of(one(bundle(json={"a": [1, None]}))) == ['{"a": [1, null]}']
    long = {f"key {n}": n for n in range(20)}
    display = one(bundle(json=long))
    assert display.stream == "json"
    assert json.loads("\n".join(text_of(display))) == long
    assert len(display.lines) == 22
    nested = {
        "sizes": list(range(100, 112)),
        "shape": [1, 2, 3],
        "layers": [{"name": "conv", "size": 96}, {"name": "dense", "size": 10}],
    }
    assert text_of(one(bundle(json=nested))) == [
        "{",
        '  "sizes": [',
        "    100, 101, 102, 103, 104, 105, 106, 107,",
        "    108, 109, 110, 111",
        "  ],",
        '  "shape": [1, 2, 3],',
        '  "layers": [',
        '    {"name": "conv", "size": 96},',
        '    {"name": "dense", "size": 10}',
        "  ]",
        "}",
    ]


@pytest.mark.parametrize(
    ("latex", "markdown"),
    [
        ("$\\displaystyle \\int x\\, dx$", "$$\n\\int x\\, dx\n$$"),
        ("$$a\n\n+b$$", "$$\na\n+b\n$$"),
        ("\\begin{align}a&=b\\end{align}", "$$\n\\begin{align}a&=b\\end{align}\n$$"),
        ("\\[x\\]", "$$\nx\n$$"),
    ],
)
def test_latex_is_mathematics(latex, markdown):
    pytest.importorskip("abreast.slides.prose")
    display = one(bundle(latex=latex, plain="x"))
    assert (display.kind, display.markdown) == ("markdown", markdown)


def test_latex_tables_are_not():
    assert text_of(one(bundle(latex="\\begin{tabular}{l}x\\end{tabular}", plain="x"))) == ["x"]


def test_markdown_is_set_at_the_outputs_size():
    pytest.importorskip("abreast.slides.prose")
    display = one(bundle(markdown="## Result\n\n**0.81**", plain="<Markdown>"))
    assert (display.kind, display.font_px) == ("markdown", PX)


# --- HTML that is harmless


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p onclick='x()'>a<script>b</script></p>", "<p>a</p>"),
        ("<a href='javascript:x()'>a</a>", "<a>a</a>"),
        ("<a href=' java\nscript:x()'>a</a>", "<a>a</a>"),
        ("<a href='https://a.b'>a</a>", '<a href="https://a.b" target="_blank" rel="noopener">a</a>'),
        ("<img src=https://a.b/c.png alt=x>", '<img alt="x">'),
        ("<img src='data:image/png;base64,AA'>", '<img src="data:image/png;base64,AA">'),
        ("<iframe src=x>y</iframe><object data=x>z</object>w", "w"),
        ("<div style=\"background:url('http://a.b')\">a</div>", '<div style="background:none">a</div>'),
        ("<style>@import 'x';a{color:red}</style>b", "<style>a{color:red}</style>b"),
        ("<style>a{b</style>c", "c"),
        ("a</div></section></p>b", "ab"),
        ("<div><b>a</div>c", "<div><b>a</b></div>c"),
        ("<svg><use href='http://a.b/#x'/><circle r=\"1\"/></svg>", '<svg><use></use><circle r="1"></circle></svg>'),
        ("<svg><style><img src=x onerror=x()></style></svg>", "<svg></svg>"),
        ("<input type=text><input type=checkbox>", '<input type="checkbox">'),
        ("<link rel=stylesheet href=x><base href=x><meta http-equiv=refresh>a", "a"),
        ("<noscript><p title='</noscript><img src=x onerror=x()>'></noscript>b", "b"),
        ("a &lt;script&gt; &amp; b", "a &lt;script&gt; &amp; b"),
    ],
)  # fmt: skip
def test_html_runs_nothing_and_loads_nothing(html, clean):
    assert harmless(html) == clean


@given(st.text(alphabet="<>/=\"' abpdivscrtonload&;!-", max_size=60))
def test_cleaning_again_changes_nothing(html):
    assert harmless(harmless(html)) == harmless(html)


# --- what always holds

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6), st.dictionaries(st.text(max_size=9), inner, max_size=6)
    ),
)


@given(JSON, st.integers(4, 60))
def test_json_stays_what_it_was(value, wide):
    assert json.loads(json_text(value, wide)) == value


STYLES = st.sampled_from(["\x1b[31m", "\x1b[0m", "\x1b[1;38;5;208m", "\x1b[K", "\x1b]0;t\x07"])
PRINTED = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(STYLES, st.text(max_size=40), st.just("\n")), max_size=60).map("".join),
    st.builds(lambda line, count: f"{line}\n" * count, st.text("ab 中é😀", max_size=90), st.integers(0, 90)),
)  # fmt: skip
OUTPUTS = st.one_of(
    st.builds(stream, PRINTED, st.sampled_from(["stdout", "stderr"])),
    st.builds(lambda text: bundle(plain=text), PRINTED),
    st.builds(lambda w, h: bundle(png=png(w, h)), st.integers(1, 900), st.integers(1, 900)),
    st.builds(lambda r, c: bundle(html=frame(r, c)), st.integers(0, 70), st.integers(1, 30)),
    st.builds(lambda text: bundle(html=f"<p>{text}</p>"), st.text("abc <>b/", max_size=900)),
    st.builds(lambda value, n: error("Error", value, TRACEBACK * n), PRINTED, st.integers(0, 3)),
    st.builds(lambda value: bundle(json=value), st.lists(st.text(max_size=30), max_size=40)),
)
PLACES = st.tuples(st.integers(1, 5), st.floats(0, 1), st.floats(0, 900))


@settings(max_examples=150)
@given(st.lists(OUTPUTS, max_size=6), PLACES)
def test_outputs_never_take_more_than_their_room(outputs, place):
    columns, larger, extra = place
    sizes = metrics.sizes(columns)
    px = sizes[int(larger * (len(sizes) - 1))]
    least = least_height(outputs, columns, px)
    for room in (least, least + extra):
        displays = fit_outputs(outputs, columns, px, room)
        assert displays_height(displays, px) <= room + 1e-6
    whole = displays_height(fit_outputs(outputs, columns, px, 1e6), px)
    assert least <= whole + 1e-6
    assert displays_height(fit_outputs(outputs, columns, px, max(whole, least)), px) <= whole + 1e-6


@settings(max_examples=150)
@given(st.lists(OUTPUTS, min_size=1, max_size=3), PLACES)
def test_nothing_is_wider_than_its_column(outputs, place):
    columns, larger, room = place
    sizes = metrics.sizes(columns)
    px = sizes[int(larger * (len(sizes) - 1))]
    width = metrics.column_width(columns)
    wide = int(width / (px * metrics.ADVANCE) + 1e-6)
    for display in fit_outputs(outputs, columns, px, room):
        if display.kind == "text":
            for line in display.lines:
                marked = MARK if line.soft else 0
                assert metrics.mono_width(stripped(line.text)) + marked <= wide
        elif display.kind == "table":
            assert _table_width(display) <= width + 0.01
        elif display.kind == "image":
            assert display.width_px <= width + 0.01


def _table_width(display):
    rows = [*display.head, *display.rows]
    return sum(
        max(metrics.prose_width(text, display.font_px) for text in column) + PAD * display.font_px
        for column in zip(*rows, strict=True)
    )


@settings(max_examples=150)
@given(PRINTED, PLACES)
def test_no_line_is_lost(text, place):
    columns, _, room = place
    for display in fit_outputs([stream(text)], columns, metrics.floor_px(columns), room):
        if display.kind == "text":
            assert _accounted(display) == list(range(1, display.lines[-1].number + 1))
            if not display.hidden:
                assert not display.full


def _accounted(display):
    head, tail = display.lines[: display.head], display.lines[display.head :]
    if not display.hidden:
        return list(dict.fromkeys(line.number for line in display.lines))
    shown = {line.number for line in (*head, *tail)}
    hidden = display.full.count("\n") + 1 - len(shown)
    # A line that the cut goes through is shown and hidden.
    assert hidden <= display.hidden <= hidden + 2
    return sorted(shown | set(range(head[-1].number, tail[0].number)))


@given(PRINTED, st.integers(4, 100))
def test_soft_lines_joined_are_the_authors(text, wide):
    shown = as_shown(text)
    lines = set_text(shown, wide)
    joined = {}
    for line in lines:
        joined[line.number] = joined.get(line.number, "") + line.text
    assert "\n".join(joined.values()) == shown
    assert [line.soft for line in lines] == [
        n > 0 and line.number == lines[n - 1].number for n, line in enumerate(lines)
    ]


@given(PRINTED)
def test_a_terminal_leaves_what_it_shows_as_it_is(text):
    assert as_shown(as_shown(text)) == as_shown(text)
