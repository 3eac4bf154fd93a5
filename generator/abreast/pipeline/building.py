"""A request -> outputs/<deck>/ up to date: what is stale is run, what changed is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from abreast.deck.deckfile import profile_parameters
from abreast.errors import AbreastError, shown
from abreast.events import Said, Sink, Warned, ignore
from abreast.model import Deck, Execution, Run
from abreast.pipeline.preparing import prepare
from abreast.pipeline.requests import Built, Prepared, Request
from abreast.publish.inputs import changed, inputs
from abreast.publish.outputs import INDEX, check_folder
from abreast.run import executors, roots
from abreast.run.executions import as_stored, executed, failed


def run(request: Request, emit: Sink = ignore) -> tuple[Execution, ...]:
    """Execute what has no stored run and return every notebook's execution.

    Raises UsageError, EnvironmentMissingError.
    """
    return _executed_deck(request, emit, lambda _: None)[1]


def build(request: Request, emit: Sink = ignore) -> Built:
    """Bring outputs/<deck>/ up to date, running only what has no stored run.

    A notebook that fails becomes a column that says so. Raises UsageError,
    EnvironmentMissingError, AbreastError.
    """
    prepared, executions = _executed_deck(request, emit, check_folder)
    deck, folder = prepared.deck, prepared.folder
    _note(deck, request, executions, emit)
    made_of = inputs(deck, prepared.prose, executions, prepared.css, prepared.modules)
    built = Built(folder=folder, page=folder / INDEX, failures=failed(executions))
    if changed(folder, made_of) == []:
        emit(Said(text=f"{shown(folder)} is up to date"))
        return _as_it_stands(replace(built, wrote=False), request)
    from abreast.pipeline.drawing import draw  # noqa: PLC0415 - only what changed is drawn

    return draw(built, request, prepared, executions, made_of, emit)


def _as_it_stands(built: Built, request: Request) -> Built:
    """Return a build that had nothing to do, held to the rules for drift all the same."""
    if not request.fail_on:
        return built
    from abreast.pipeline.drifting import with_standing_drift  # noqa: PLC0415 - for rules only

    return with_standing_drift(built, request)


def _executed_deck(
    request: Request, emit: Sink, check: Callable[[Path], None]
) -> tuple[Prepared, tuple[Execution, ...]]:
    """Return a deck with its executions: what is stale is run, once its folder is checked."""
    if not request.execute:
        prepared = prepare(request)
        check(prepared.folder)
        return prepared, as_stored(prepared.tasks, emit)
    with closing(executors.load(request.executor, request.workers)) as executor:
        prepared = prepare(request, executor.machine())
        check(prepared.folder)
        deck, tasks = prepared.deck, prepared.tasks
        runs = executed(deck, tasks, force=request.force, executor=executor, emit=emit)
        return prepared, runs


def _note(deck: Deck, request: Request, executions: Sequence[Execution], emit: Sink) -> None:
    """Note what this build used, so that `abreast clean` keeps it."""
    used = {
        e.result.key: e.result.identity
        for e in executions
        if isinstance(e.result, Run) and e.result.identity
    }
    parameters = {**profile_parameters(deck, request.profile), **request.parameters}
    locks = {identity.recipe.environment for identity in used.values()}
    try:
        roots.note(deck.path, parameters, used, locks, deck.on_path)
    except AbreastError as error:
        emit(Warned(text=f"`abreast clean` will not know what this deck uses. {error}"))
