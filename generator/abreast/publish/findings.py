"""What a check found: one finding a line, the same at several sizes told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

from abreast.errors import counted

Kind: TypeAlias = Literal[
    "clipped", "small type", "contrast", "alt", "axe", "request", "link", "console", "uneven"
]

_REMEDIES = {
    "slide": "It sticks out of the slide: split the cell, or show less of it.",
    "box": "Its box hides it: shorten it, or let it open in full.",
    "text": "It runs out of its box: shorten the line.",
    "overlap": "It lies over its neighbour: shorten one of the two.",
    "footer": "It lies under the page's frame: show less on the slide.",
    "type": "Show less on the slide, so that the type can be larger.",
    "contrast": "Choose a colour that stands out more.",
    "dimmed": "It is read while a step is lit: dim it less.",
    "alt": "Say what it shows: ![words](…) in Markdown, #| fig-alt: words in a code cell.",
    "request": "Embed it: a deck makes no requests.",
    "link": "Point it at a slide or an element that is there.",
    "console": "Open the page with the browser's developer tools to see the line.",
    "uneven": "The cells of a band begin at one height: look at the deck's own styles.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What falls short on a slide, counted from 1; slide 0 is the page around the slides.

    `viewport` names the sizes of the window at which it shows ("1280x720, 1024x768"), or is empty
    when it shows at any. Lengths in `amount` are px of a slide of 1280 by 720.
    """

    slide: int
    section: str
    origin: str
    viewport: str
    kind: Kind
    amount: str
    where: str
    remedy: str

    def __str__(self) -> str:
        size = f" at {self.viewport}" if self.viewport else ""
        return f"{self.place}: {self.kind} {self.amount}{size}: {self.where}. {self.remedy}"

    @property
    def place(self) -> str:
        """The slide with its section, and the notebooks and cells that it shows."""
        if not self.slide:
            return "the page"
        section = f", {self.section}" if self.section else ""
        return f"slide {self.slide}{section}" + (f" ({self.origin})" if self.origin else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A checked deck: how many slides, at which sizes of the window, and what falls short."""

    deck: str
    slides: int
    viewports: tuple[str, ...]
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        looked = f"{counted(self.slides, 'slide')} at {counted(len(self.viewports), 'size')}"
        if not self.findings:
            return f"{looked}: nothing falls short."
        places = len({finding.slide for finding in self.findings})
        return f"{looked}: {counted(len(self.findings), 'finding')} on {counted(places, 'slide')}."

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One thing seen once, at one size. `cause` chooses the remedy, of axe it is the remedy.

    `weight` says how bad it is: of the same thing at several sizes the worst amount is told.
    """

    slide: int
    kind: Kind
    cause: str
    amount: str
    where: str
    weight: float = 1.0
    viewport: str = ""


def merged(seen: Iterable[Raw], slides: Sequence[tuple[str, str]]) -> tuple[Finding, ...]:
    """Return the findings, by slide and kind; `slides` are each slide's section and origin."""
    groups: dict[tuple[Any, ...], list[Raw]] = {}
    for raw in seen:
        groups.setdefault(_sameness(raw), []).append(raw)
    findings = [_finding(group, slides) for group in groups.values()]
    order = get_args(Kind)
    return tuple(sorted(findings, key=lambda f: (f.slide, order.index(f.kind))))


def _sameness(raw: Raw) -> tuple[Any, ...]:
    """Return what makes two things one finding: the amount only where it says what it is."""
    measured = raw.kind in {"clipped", "small type", "contrast", "uneven"}
    of_a_style = raw.kind in {"small type", "contrast", "axe"}
    where = raw.where.partition(' "')[0] if of_a_style else raw.where
    return raw.slide, raw.kind, raw.cause, "" if measured else raw.amount, where


def _finding(group: Sequence[Raw], slides: Sequence[tuple[str, str]]) -> Finding:
    worst = max(group, key=lambda raw: raw.weight)
    section, origin = slides[worst.slide - 1] if worst.slide else ("", "")
    others = len({raw.where for raw in group}) - 1
    return Finding(
        slide=worst.slide,
        section=section,
        origin=origin,
        viewport=", ".join(dict.fromkeys(raw.viewport for raw in group if raw.viewport)),
        kind=worst.kind,
        amount=worst.amount,
        where=worst.where + (f" and {others} more like it" if others else ""),
        remedy=_REMEDIES.get(worst.cause, f"{worst.cause.rstrip('.')}."),
    )
