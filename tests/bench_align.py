"""How well, and how fast, cells and statements are aligned: `make bench-align`.

The corpus of chapters lies beside the project, where it is there at all; the labelled rows and the
growth with length need nothing but the project.
"""

import importlib.util
import json
import random
import statistics
import sys
import time
from pathlib import Path

from abreast.align import align_code, align_notebooks

from tests import labelled

CORPUS = Path(__file__).parents[2] / "shared" / "align"
VARIANTS = ("drifted", "bare_drifted", "renamed", "hostile")
VOCABULARIES = {"vocabularies": None, "no vocabulary": {}}
VERBS = (
    "load",
    "make",
    "build",
    "train",
    "fit",
    "plot",
    "show",
    "save",
    "shuffle",
    "split",
    "scale",
)
NOUNS = ("image", "label", "model", "layer", "loss", "batch", "epoch", "table", "column", "score")


def main():
    if CORPUS.is_dir():
        chapters()
        corpus_lines()
    else:
        say(f"The corpus is not at {CORPUS}: only what the project itself holds is measured.")
    own_lines()
    growth()


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def scorer(name):
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location(name, CORPUS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def chapters():
    score = scorer("score")
    say("\nRows of chapters                      lenient F1   exact   wrong   median ms")
    for label, given in VOCABULARIES.items():
        for variant in VARIANTS:
            times = []

            def align(notebooks, given=given, times=times):
                start = time.perf_counter()
                rows = align_notebooks(notebooks, given)
                times.append(time.perf_counter() - start)
                return rows

            table, detail = score.run(str(CORPUS), align, ["dev"], [variant])
            found = table[f"dev/{variant}"]
            wrong = sum(not result["lexact"] for _, _, result in detail.values())
            say(
                f"  {variant:14s} {label:18s} {found['lenient_F1']:10.4f} "
                f"{found['lenient_exact']:9.3f} {wrong:5d} of {found['n']} "
                f"{statistics.median(times) * 1e3:8.1f}"
            )
            assert not found["bad"], "a row breaks the contract"


def corpus_lines():
    score = scorer("score_lines")
    items = json.loads((CORPUS / "lines_dev.json").read_text("utf-8"))
    say("\nLines of six chapters' rows           hard precision, recall, F1")
    for label, given in VOCABULARIES.items():
        table, _ = score.run(items, lambda code, given=given: align_code(code, None, given))
        say(f"  {label:18s} {table['hard']}")


def own_lines():
    say("\nLines of the project's labelled rows  hard F1")
    for kind in ("together", "apart"):
        rows = labelled.read(kind)
        for label, given in VOCABULARIES.items():
            totals = [
                labelled.counts(row, align_code(row.code, row.languages, given)) for row in rows
            ]
            say(f"  {kind:9s} {len(rows)} rows  {label:18s} {labelled.f1(totals):.3f}")


def growth():
    say("\nFour notebooks of n cells     s    ms a cell")
    for count in (25, 50, 100, 200, 400, 800, 1600):
        notebooks = generated(count)
        start = time.perf_counter()
        align_notebooks(notebooks)
        seconds = time.perf_counter() - start
        say(f"  {count:6d} {seconds:22.2f} {seconds / count * 1e3:10.2f}")


def generated(count):
    """Return four notebooks of one course, each with names of its own."""
    choose = random.Random(0)
    steps = [
        (choose.choice(VERBS), choose.choice(NOUNS), choose.choice(NOUNS), choose.randint(1, 999))
        for _ in range(count)
    ]
    return {
        f"framework{f}": [
            {
                "cell_type": "code",
                "source": f"{a}_{f} = lib{f}.{verb}_{a}({b}_{f}, size={size})\n"
                f"print({a}_{f}.shape)\nfor item in {a}_{f}:\n    out{f}.append({verb}(item))",
            }
            for verb, a, b, size in steps
        ]
        for f in range(4)
    }


if __name__ == "__main__":
    main()
