"""A deck as its files are now, drawn with the runs there are: nothing is executed for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from abreast.errors import shown
from abreast.events import Event, Warned
from abreast.fragments import Fragments
from abreast.live.changes import Page
from abreast.model import Deck, Execution, Job, Presentation, Run, Slide
from abreast.pipeline import Request, prepare
from abreast.pipeline.presenting import present
from abreast.render.html import draw_slides, page_html, page_styles
from abreast.run.executions import execution_of
from abreast.run.key import code_cells
from abreast.run.machine import Machine
from abreast.run.plan import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A deck drawn: its page, what it was drawn from, and the notebooks that must run.

    `lacking` are those that must run and cannot here.
    """

    page: Page
    presentation: Presentation
    deck: Deck | None = None
    stale: tuple[Task, ...] = ()
    lacking: tuple[Task, ...] = ()

    def html(self) -> str:
        """Return the whole page, with the script that keeps it up to date."""
        return page_html(self.presentation, self.page.slides, live=self.page.state)


def draw(
    request: Request, machine: Machine, state: str, fragments: Fragments, warnings: list[str]
) -> Drawing:
    """Read the deck and draw it as `state`; add to `warnings` what its author should look at.

    What `fragments` has is not made again; then they are those of this drawing.

    Raises UsageError with all that is wrong with it.
    """

    def tell(event: Event) -> None:
        if isinstance(event, Warned):
            warnings.append(event.text)

    prepared = prepare(request, machine)
    executions = [
        _execution(task, request) for task in prepared.tasks if task.stored or not task.swept
    ]
    presentation, _ = present(prepared, prepared.deck.name, executions, tell, fragments)
    stale = [task for task in prepared.tasks if task.state == "stale"]
    drawing = _drawing(
        presentation,
        state,
        fragments,
        deck=prepared.deck,
        stale=tuple(task for task in stale if isinstance(task.target, Job)),
        lacking=tuple(task for task in stale if not isinstance(task.target, Job)),
    )
    fragments.sweep()
    return drawing


def blank(request: Request, state: str) -> Drawing:
    """Return what is shown of a deck that never could be drawn."""
    waiting = Slide(section="", title="This deck cannot be shown yet", blocks=(), opening=True)
    name = shown(request.deck)
    presentation = Presentation(name=name, title=name, heads=(), slides=(waiting,))
    return _drawing(presentation, state, Fragments())


def stale_cells(task: Task) -> frozenset[int]:
    """Return the indices of the code cells that a stale notebook's last run says nothing about.

    From the first cell that changed all are stale, for any of them may use what it made; where
    something else changed (a parameter, a file, a package), all of the notebook's.
    """
    code = [cell.index for cell in code_cells(task.notebook.cells)]
    before = task.previous.identity if task.previous else None
    now = task.target.identity if isinstance(task.target, Job) else None
    if before is None or now is None or replace(before, cells=now.cells) != now:
        return frozenset(code)
    same = zip(before.cells, now.cells, strict=False)
    first = next((n for n, (old, new) in enumerate(same) if old != new), len(before.cells))
    return frozenset(code[first:])


def _execution(task: Task, request: Request) -> Execution:
    result = task.stored or task.previous or Run(key="", cells=task.notebook.cells)
    # What was never run here is shown as it was found; it is stale where it will run.
    waits = bool(task.previous) or (request.execute and isinstance(task.target, Job))
    is_old = task.state == "stale" and not task.stored and waits
    return execution_of(task, result, stale_cells(task) if is_old else frozenset())


def _drawing(
    presentation: Presentation,
    state: str,
    fragments: Fragments,
    *,
    deck: Deck | None = None,
    stale: tuple[Task, ...] = (),
    lacking: tuple[Task, ...] = (),
) -> Drawing:
    slides = tuple(draw_slides(presentation, fragments=fragments))
    page = Page(
        state=state,
        frame=_frame(presentation),
        theme=presentation.theme,
        styles=tuple(page_styles(presentation, slides)),
        slides=slides,
    )
    return Drawing(page=page, presentation=presentation, deck=deck, stale=stale, lacking=lacking)


def _frame(presentation: Presentation) -> str:
    """Return the digest of the page around the slides, whatever its theme and styles."""
    empty = replace(presentation, slides=(), theme="light", css="")
    budgeted = any(slide.seconds is not None for slide in presentation.slides)
    page = page_html(empty, (), live=f"budgeted: {budgeted}")
    return hashlib.sha256(page.encode()).hexdigest()
