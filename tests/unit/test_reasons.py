from dataclasses import replace
from pathlib import Path

import pytest
from abreast.model import Cell, CodeIdentity, Framework, Identity, Notebook, Recipe
from abreast.run.reasons import away, is_away, reasons
from hypothesis import given
from hypothesis import strategies as st

TORCH = Framework(name="pytorch", title="PyTorch", distributions=("torch",))
CPU = Recipe(environment="a", packages={"torch": "2.12.0", "numpy": "2.1"})
H200 = Recipe(environment="b", packages={"torch": "2.12.0"}, device="NVIDIA H200", driver="550")


def code(*sources, tags=()):
    return tuple(CodeIdentity(source=source, tags=tags) for source in sources)


BASE = Identity(
    schema=3, probe="p", language="python", cells=code("a", "b", "c"), recipe=CPU,
    parameters={"batch_size": 64}, files={"../data/sample.npz": "1", "../lib/a/x.py": "1"},
)  # fmt: skip


def notebook(count):
    """A notebook whose cells are prose and code in turn: code has the numbers 2, 4, 6 …"""
    kinds = ["markdown", "code"] * count
    cells = tuple(Cell(index=i, cell_type=kind, source="x") for i, kind in enumerate(kinds))
    return Notebook(path=Path("n.ipynb"), cells=cells)


def why(now, before=BASE):
    return reasons(before, now, notebook(len(now.cells)), TORCH)


def test_nothing_differs_between_a_thing_and_itself():
    assert why(BASE) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"cells": code("a", "x", "c")}, "cell 4 changed"),
        ({"cells": code("x", "y", "c")}, "cells 2, 4 changed"),
        ({"cells": code("a", "b", "c", "d")}, "cell 8 is new"),
        ({"cells": code("a", "c")}, "1 code cell removed"),
        ({"cells": (*code("a", "b"), CodeIdentity(source="c", tags=("abreast:repeat",)))},
         "cell 6: tag abreast:repeat added"),
        ({"parameters": {"batch_size": 128}}, "parameter batch_size 64 → 128"),
        ({"parameters": {"batch_size": 64, "seed": 0}}, "parameter seed is new: 0"),
        ({"files": {**BASE.files, "../data/sample.npz": "2"}}, "sample.npz changed"),
        ({"files": {**BASE.files, "../lib/new.py": "2"}}, "new.py is new"),
        ({"recipe": replace(CPU, environment="z", packages={"torch": "2.13.0", "numpy": "2.1"})},
         "torch 2.12.0 → 2.13.0"),
        ({"recipe": replace(CPU, environment="z", packages={"torch": "2.12.0", "numpy": "2.2"})},
         "numpy 2.1 → 2.2"),
        ({"recipe": H200, "cells": BASE.cells}, "ran on the CPU, this is NVIDIA H200"),
        ({"probe": "q"}, "abreast measures otherwise now"),
    ],
)  # fmt: skip
def test_what_differs_is_told_in_words(change, told):
    assert told in why(replace(BASE, **change))


def test_a_new_driver_is_told():
    newer = replace(BASE, recipe=replace(H200, driver="560"))
    assert why(newer, replace(BASE, recipe=H200)) == ("driver 550 → 560",)


def test_a_gpu_that_is_not_here_is_away_and_the_cpu_never():
    assert is_away("NVIDIA H200", CPU)
    assert away("NVIDIA H200", CPU) == "ran on NVIDIA H200, this is a CPU"
    assert not is_away("cpu", H200)
    assert not is_away("NVIDIA H200", replace(H200, driver="560"))


@given(st.lists(st.sampled_from("abcd"), max_size=8), st.lists(st.sampled_from("abcd"), max_size=8))
def test_code_that_differs_is_always_told_and_code_that_does_not_never(before, now):
    told = why(replace(BASE, cells=code(*now)), replace(BASE, cells=code(*before)))
    assert bool(told) == (before != now)
