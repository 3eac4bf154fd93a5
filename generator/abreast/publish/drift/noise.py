"""What differs from run to run and means nothing, taken out of texts before they are compared.

Addresses, times of day at the beginning of a log's line, durations and rates (abreast measures
times itself), progress bars, process numbers, temporary files, the folders of environments.
"""

from __future__ import annotations

import re

from abreast.publish.drift.embedded import shortened
from abreast.slides.outputs.sgr import stripped
from abreast.slides.outputs.terminal import as_shown

CELL_FILE = "cell.py"
"""What the temporary files are called in which kernels keep a cell's code."""

_NUMBER = r"(?<![\w.])\d+(?:[.,]\d+)?"
_UNIT = r"(?:ns|us|µs|μs|ms|secs?|seconds?|s|mins?|minutes?|hrs?|hours?|h)"
_WORK = r"(?:it|iter|iterations?|steps?|epochs?|examples?|samples?|images?|batch(?:es)?|[kMG]?i?B)"
_CLOCK = r"\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?"
# Each is bounded, or begins with what is rare: outputs may be megabytes without a space.
_NOISE = (
    (re.compile(r"0x[0-9a-fA-F]{4,}"), "0x…"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "…"),
    # glog and absl: level with month and day, a clock, the thread.
    (re.compile(r"^([IWEF])\d{4} [\d:.]+ +\d+ ", re.MULTILINE), r"\1 "),
    (
        re.compile(
            rf"^(\W{{0,2}})\d{{4}}[-/]\d\d[-/]\d\d[T ]{_CLOCK}(?:Z|[+-]\d\d:?\d\d)?", re.MULTILINE
        ),
        r"\1…",
    ),
    (re.compile(rf"^(\W{{0,2}}){_CLOCK}", re.MULTILINE), r"\1…"),
    (re.compile(r"\[\d+:\d\d(?::\d\d)?<[^\]]{0,99}\]"), "[…]"),  # a progress bar's time and rate
    (re.compile(rf"{_NUMBER} ?{_WORK}/{_UNIT}\b"), "…/s"),
    (re.compile(rf"{_NUMBER} ?{_UNIT}(?:/{_WORK})?\b"), "…s"),
    (re.compile(r"/\S{0,200}/ipykernel_\d+/\d+\.py"), CELL_FILE),
    (re.compile(r"<ipython-input-[\w-]+>"), CELL_FILE),
    (re.compile(r"(?:/private)?/(?:var/folders/\w+/\w+/T|tmp)/[\w.-]+"), "tmp/…"),
    (re.compile(r"(?:[A-Za-z]:)?(?:[\\/][\w.+@~ -]{1,99}){0,20}[\\/]site-packages[\\/]"), ""),
    (re.compile(r"(?:/home|/Users)/[\w.-]+/"), "~/"),
    (re.compile(r"\bpid[ =:]+\d+", re.IGNORECASE), "pid …"),
)
_PLAIN = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f]*")
_METADATA = re.compile(r"<metadata>.*?(?:</metadata>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_SVG_NAME = re.compile(r"\b[A-Za-z]{1,12}[0-9a-f]{8,}(?:-\d+)?\b")
_HTML_NAME = re.compile(r"\bT_[0-9a-f]{5}|(?<=container-id-)\d+")


def denoised(text: str) -> str:
    """Return text as a terminal leaves it, without styles, each kind of noise as "…".

    Data in it is cut short.
    """
    text = shortened(text)
    for pattern, instead in _NOISE:
        text = pattern.sub(instead, text)
    return text


def printed(text: str) -> str:
    """Return what a terminal shows of text in the end: of a progress bar its last state."""
    if not _PLAIN.fullmatch(text):
        text = stripped(as_shown(text))
    return text.rstrip("\n")


def denoised_svg(svg: str) -> str:
    """Return SVG without metadata and comments; names that were drawn by lot are counted."""
    names: dict[str, str] = {}

    def counted(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"name{len(names) + 1}")

    return _SVG_NAME.sub(counted, _METADATA.sub("", svg))


def denoised_html(html: str) -> str:
    """Return HTML with the names that tools draw by lot as "…", and without other noise."""
    return denoised(_HTML_NAME.sub("…", html))
