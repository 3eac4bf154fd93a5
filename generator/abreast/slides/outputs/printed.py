"""Printed text -> displays: the head and the tail of what is long, one line of what is noise."""

from __future__ import annotations

from dataclasses import dataclass, replace

from abreast.model import Line, Stream, TextDisplay
from abreast.slides.outputs.pieces import LINE, Frame
from abreast.slides.outputs.wrapping import open_style, set_text

_LEAST = 6
"""Lines of the smallest form: three of the head, the mark of the cut, two of the tail."""
_HEAD = 0.6  # of the lines that are left
_NEAR = 2  # lines that are given up so that the cut is between two of the author's


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPiece:
    """Text as `terminal.as_shown` left it. `whole` is what a press opens, if not the text."""

    text: str
    stream: Stream
    frame: Frame
    whole: str = ""

    @property
    def least(self) -> float:
        """Return the height of its smallest form, px."""
        return min(self._count, _LEAST) * self._line

    @property
    def wanted(self) -> float:
        """Return the height of all its lines, px."""
        return self._count * self._line

    def fitted(self, room: float) -> TextDisplay:
        """Return its lines, or their head and tail, in `room` px."""
        lines = set_text(self.text, self.frame.wide)
        count = max(int(room / self._line + 1e-6), min(self._count, _LEAST))
        whole = TextDisplay(lines=lines, stream=self.stream)
        if self.whole:
            whole = _folded(whole, self.whole)
        return whole if count >= self._count else self._cut(lines, count - 1)

    def _cut(self, lines: tuple[Line, ...], count: int) -> TextDisplay:
        head = int(count * _HEAD + 0.5)
        tail = _begin(lines, len(lines) - (count - head))
        head = _end(lines, head)
        last = lines[tail]
        # The tail is drawn by itself: a colour that was open in the hidden lines opens again.
        again = open_style(tuple(line for line in lines[:tail] if line.number == last.number))
        shown = (*lines[:head], replace(last, text=again + last.text), *lines[tail + 1 :])
        return TextDisplay(
            lines=shown,
            stream=self.stream,
            head=head,
            hidden=lines[tail - 1].number - lines[head].number + 1,
            full=self.whole or self.text,
        )

    @property
    def _line(self) -> float:
        return self.frame.font_px * LINE

    @property
    def _count(self) -> int:
        # The mark that opens the whole takes a line of its own.
        return len(set_text(self.text, self.frame.wide)) + bool(self.whole)


def _end(lines: tuple[Line, ...], head: int) -> int:
    """Move the end of the head back to the end of an author's line, if that is near."""
    whole = head
    while whole and lines[whole].soft:
        whole -= 1
    return whole if whole and head - whole <= _NEAR else head


def _begin(lines: tuple[Line, ...], tail: int) -> int:
    """Move the beginning of the tail on to that of an author's line, if that is near."""
    whole = tail
    while whole < len(lines) and lines[whole].soft:
        whole += 1
    return whole if whole < len(lines) and whole - tail <= _NEAR else tail


def _folded(display: TextDisplay, whole: str) -> TextDisplay:
    return replace(display, head=len(display.lines), hidden=whole.count("\n") + 1, full=whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoisePiece:
    """What went to stderr: one line that says how much it was."""

    text: str
    frame: Frame

    @property
    def least(self) -> float:
        """Return its height, px."""
        return self.frame.font_px * LINE

    @property
    def wanted(self) -> float:
        """Return its height, px."""
        return self.least

    def fitted(self, room: float) -> TextDisplay:
        """Return the line; the text is behind it."""
        del room
        count = self.text.count("\n") + 1
        summary = f"stderr · {count} line{'s' * (count > 1)}"
        return TextDisplay(
            lines=(Line(text=summary, number=1),), stream="stderr", hidden=count, full=self.text
        )


def printed_height(display: TextDisplay, font_px: float) -> float:
    """Return the height of printed text at a type of `font_px`, px, with the mark of its cut."""
    mark = bool(display.hidden) and display.stream != "stderr"
    return (len(display.lines) + mark) * font_px * LINE
