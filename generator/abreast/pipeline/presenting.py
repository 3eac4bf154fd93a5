"""A deck and its executions -> slides, ready to be drawn, and what its steps cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from abreast.errors import UsageError, shown
from abreast.events import Sink, ignore
from abreast.fragments import Fragments
from abreast.model import Column, ColumnHead, Costs, Execution, Presentation, Run, Slide
from abreast.pipeline.requests import Prepared
from abreast.slides.compose import compose


def present(
    prepared: Prepared,
    name: str,
    executions: Sequence[Execution],
    emit: Sink = ignore,
    fragments: Fragments | None = None,
) -> tuple[Presentation, Costs]:
    """Return the deck with what its notebooks gave, ready to be drawn, and what its steps cost.

    What `fragments` has is not composed again.

    Raises UsageError for a deck without slides, or where slides are given more time than there is.
    """
    deck = prepared.deck
    composition = compose(deck, prepared.prose, executions, emit, fragments)
    if not composition.slides:
        raise UsageError(
            "the deck has no slides.",
            where=shown(deck.path),
            remedy="Write Markdown or code cells that are not skipped.",
        )
    presentation = _presentation(prepared, name, composition.slides, executions)
    return presentation, composition.costs


def _presentation(
    prepared: Prepared, name: str, slides: tuple[Slide, ...], executions: Sequence[Execution]
) -> Presentation:
    deck = prepared.deck
    return Presentation(
        name=name,
        title=deck.title,
        heads=tuple(_head(column, executions) for column in deck.columns),
        slides=slides,
        speaker=deck.speaker,
        event=deck.event,
        minutes=deck.minutes,
        language=deck.language,
        theme=deck.theme,
        css=prepared.css,
        steps=deck.steps,
        modules=prepared.modules,
    )


def _head(column: Column, executions: Sequence[Execution]) -> ColumnHead:
    versions = [
        execution.result.provenance.versions.get(name)
        for execution in executions
        if execution.column == column and isinstance(execution.result, Run)
        for name in column.framework.distributions
    ]
    version = next((v for v in versions if v), "")
    # Alignment is over: no slide needs the words that frameworks have for each other's.
    framework = replace(column.framework, vocabulary={})
    return ColumnHead(framework=framework, version=version.partition("+")[0])
