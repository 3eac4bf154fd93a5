"""The decks in decks/, read as a strict editor would: what is missing on a slide is a bug."""

import re
from dataclasses import dataclass, field

import pytest
from abreast import pipeline
from abreast.align import align_cells
from abreast.deck.sources import read_notebook
from abreast.events import Warned
from abreast.model import (
    ALONE,
    AbreastSection,
    Costs,
    Prose,
    Run,
    SlidesSection,
)
from abreast.pipeline.preparing import prepare
from abreast.pipeline.presenting import present
from abreast.pipeline.requests import Prepared
from abreast.run.executions import as_stored
from abreast.slides.cells import visible

from tests.conftest import DECKS

pytestmark = [pytest.mark.kernel, pytest.mark.framework]

WORDS = (40, 120)  # of speaker notes
LONGEST_LINE = 88

LEARNING = {"alexnet", "convolutions", "mlp", "softmax-regression"}  # that publish accuracies
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|(?:href|src)\s*=\s*(?:\"([^\"]+)\"|'([^']+)')")


@dataclass
class Talk:
    """A deck as it is shown."""

    name: str
    prepared: Prepared
    executions: tuple
    slides: tuple
    costs: Costs
    warnings: list = field(default_factory=list)

    @property
    def deck(self):
        return self.prepared.deck


@pytest.fixture(scope="module", params=DECKS)
def talk(request, library):
    folder = library.built(request.param)
    deck = library.folder / "decks" / request.param / "deck.yml"
    prepared = prepare(pipeline.Request(deck=deck, execute=False))
    executions = as_stored(prepared.tasks, lambda _: None)
    told = []
    presentation, costs = present(prepared, folder.name, executions, told.append)
    warnings = [event.text for event in told if isinstance(event, Warned)]
    return Talk(request.param, prepared, executions, presentation.slides, costs, warnings)


def notebooks(talk):
    for section in talk.deck.sections:
        if isinstance(section, SlidesSection):
            yield read_notebook(section.slides)
        elif isinstance(section, AbreastSection):
            for name, path in section.notebooks.items():
                yield read_notebook(path, name)


def test_every_notebook_was_executed_and_none_failed(talk):
    results = [execution.result for execution in talk.executions]
    assert all(isinstance(result, Run) for result in results)
    assert [result.failure for result in results if result.failure] == []
    assert {result.clock for result in results} == {"kernel"}


def test_every_slide_has_words_for_the_speaker(talk):
    counts = {
        f"{slide.section}: {slide.title} ({slide.origin})": len(slide.notes.split())
        for slide in talk.slides
    }
    wrong = {name: count for name, count in counts.items() if not WORDS[0] <= count <= WORDS[1]}
    assert wrong == {}


def test_pictures_say_what_they_show_and_formulas_are_right(talk):
    assert talk.warnings == []


def test_every_row_has_a_cell_of_each_framework_or_says_that_it_is_alone(talk):
    vocabularies = {c.name: c.framework.vocabulary for c in talk.deck.columns}
    lacking = []
    for section in talk.deck.sections:
        if not isinstance(section, AbreastSection):
            continue
        read = {n: read_notebook(path, n) for n, path in section.notebooks.items()}
        cells = {name: visible(notebook.cells) for name, notebook in read.items()}
        for row in align_cells(cells, vocabularies):
            members = [read[n].cells[i] for n, own in row.cells.items() for i in own]
            missing = read.keys() - {name for name, own in row.cells.items() if own}
            if missing and not all(ALONE in cell.tags for cell in members):
                lacking.append((section.title, sorted(missing), members[0].source[:60]))
    assert lacking == []


def test_no_line_of_code_is_longer_than_a_column_can_show(talk):
    lines = [
        (notebook.path.name, cell.number, line)
        for notebook in notebooks(talk)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for line in cell.source.splitlines()
        if len(line) > LONGEST_LINE and not line.startswith("#|")
    ]
    lines += [
        (module.name, number, line)
        for module in talk.prepared.modules
        for number, line in enumerate(module.source.splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert lines == []


def test_relative_links_lead_to_something_that_is_published(talk):
    texts = [
        block.markdown
        for slide in talk.slides
        for block in slide.blocks
        if isinstance(block, Prose)
    ]
    texts += [slide.notes for slide in talk.slides]
    links = {next(filter(None, found)) for text in texts for found in LINK.findall(text)}
    relative = {link for link in links if not re.match(r"[a-z][a-z0-9+.-]*:|#", link)}
    built = talk.prepared.folder
    places = {link: (built / link.partition("#")[0]).resolve() for link in relative}
    outputs = built.parent.resolve()
    dead = {x for x, to in places.items() if not (to.exists() and to.is_relative_to(outputs))}
    assert dead == set()


def test_frameworks_agree_on_the_same_task_and_losses_fall(talk):
    finals = {}
    for curve in talk.costs.curves:
        assert not curve.diverged, curve
        values = [value for _, value in curve.points]
        if "loss" in curve.metric and len(values) > 1:
            assert values[-1] < values[0], curve
        if "accuracy" in curve.metric:
            finals.setdefault((curve.section, curve.metric), {})[curve.framework] = values[-1]
    far = {
        task: found for task, found in finals.items()
        if max(found.values()) - min(found.values()) > 0.05
    }  # fmt: skip
    assert far == {}
    if talk.name in LEARNING:
        columns = {column.name for column in talk.deck.columns}
        assert finals, "no accuracy was published"
        assert all(found.keys() == columns for found in finals.values())
