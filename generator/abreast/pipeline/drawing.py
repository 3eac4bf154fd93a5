"""A deck and its executions -> the files of its folder, put in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from abreast.deck.deckfile import QUICK
from abreast.errors import AbreastError
from abreast.events import Sink, Wrote
from abreast.fragments import digest, kept_fragments
from abreast.model import Costs, Execution, Run
from abreast.pipeline.presenting import present
from abreast.pipeline.requests import Built, Prepared, Request
from abreast.publish.manifest import by_notebook, manifest
from abreast.publish.outputs import INDEX, Content, publish
from abreast.publish.timings import timings_csv, timings_json
from abreast.render.html import draw_slides, page_pieces
from abreast.render.notebook import executed_notebook, merged_notebook
from abreast.run.home import fragments_folder, make_cache
from abreast.run.key import code_cells


def draw(
    built: Built,
    request: Request,
    prepared: Prepared,
    executions: Sequence[Execution],
    made_of: Mapping[str, str],
    emit: Sink,
) -> Built:
    """Draw a deck, put it in its place, and return what was `built` with how it drifted.

    `made_of` are the digests of all that goes into it. Raises UsageError, AbreastError.
    """
    folder = built.folder
    with kept_fragments(_fragments_file(folder)) as fragments:
        presentation, costs = present(prepared, folder.name, executions, emit, fragments)
        drawn = draw_slides(presentation, fragments=fragments, cells=True)
        slides = presentation.slides
        files: dict[str, Content] = {
            INDEX: partial(page_pieces, presentation, drawn),
            f"{folder.name}.ipynb": partial(merged_notebook, presentation, fragments),
            **_executed(executions),
            **_timings(costs),
        }
        profile = request.profile or QUICK
        record = manifest(prepared.deck, profile, executions, slides, made_of)
        if not _may_have_drifted(folder):
            publish(folder, files, record)
        else:
            from abreast.pipeline import drifting  # noqa: PLC0415 - a first build needs none

            built, files = drifting.with_drift(built, request, files, record)
            publish(folder, files, record)
            drifting.tell_drift(built, emit)
    size = built.page.stat().st_size
    emit(Wrote(path=built.page, what=f"{len(slides)} slides", bytes=size))
    return built


def _may_have_drifted(folder: Path) -> bool:
    """Say whether there may be a build before: on the disk, or in a repository's history."""
    return folder.exists() or any((parent / ".git").exists() for parent in folder.parents)


def _executed(executions: Sequence[Execution]) -> dict[str, Content]:
    """Return the executed notebooks: the runs that a deck is committed with.

    Those of a sweep have their code alone: the others have the same prose.
    """
    return {
        name: partial(executed_notebook, _code_of(run) if one.swept else run, one.notebook.language)
        for name, one in by_notebook(executions).items()
        if isinstance(run := one.result, Run)
    }


def _code_of(run: Run) -> Run:
    return replace(run, cells=tuple(code_cells(run.cells)))


def _timings(costs: Costs) -> dict[str, Content]:
    if costs == Costs():
        return {}
    return {"timings.csv": timings_csv(costs), "timings.json": timings_json(costs)}


def _fragments_file(folder: Path) -> Path:
    """Return where the fragments of the deck in a folder are kept, for this user."""
    with suppress(AbreastError):  # where nothing can be written nothing is kept
        make_cache(fragments_folder())
    return fragments_folder() / digest(str(folder.resolve()))
