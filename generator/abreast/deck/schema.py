"""The shape of deck.yml, as pydantic models. They validate the file and nothing else."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic_core import PydanticCustomError

from abreast.deck.addresses import REPOSITORY
from abreast.deck.paths import PATH_NAME

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr | None
Minutes = Annotated[
    float,
    Field(gt=0, strict=True, allow_inf_nan=False, description="Minutes the speaker gives it."),
]
Seconds = Annotated[float, Field(gt=0)]
Parameters = dict[str, Scalar]


def _path_name(name: str) -> str:
    if not re.fullmatch(PATH_NAME, name):
        what = "a path is named in letters, digits, - and _"
        raise PydanticCustomError("path_name", what)
    return name


PathName = Annotated[
    StrictStr, AfterValidator(_path_name), Field(json_schema_extra={"pattern": PATH_NAME})
]


class Strict(BaseModel):
    """A mapping that knows all its keys."""

    # The whole is built once, when a deck file is read, and not each part by itself before.
    model_config = ConfigDict(extra="forbid", defer_build=True)


class FrameworkEntry(Strict):
    """A column: a framework that abreast knows, or any Jupyter kernel under a name."""

    name: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$")]
    kernel: Annotated[
        StrictStr | None,
        Field(description="A kernel of your own (jupyter kernelspec list) to run it with."),
    ] = None
    title: Annotated[StrictStr | None, Field(description="What the column's head says.")] = None


class SectionEntry(Strict):
    """A part of the deck: exactly one of `slides`, `abreast`, `timings` and `syllabus`."""

    title: StrictStr
    minutes: Minutes | None = None
    slides: Annotated[
        StrictStr | None, Field(description="A notebook of prose slides, relative to deck.yml.")
    ] = None
    abreast: Annotated[
        dict[str, StrictStr] | StrictStr | None,
        Field(
            description="A notebook per framework; or one text notebook whose cells are marked "
            "with %%tab."
        ),
    ] = None
    sweep: Annotated[
        dict[str, Annotated[list[Scalar], Field(min_length=2)]] | None,
        Field(
            description="Parameters and the values at which to measure this section as well.",
            min_length=1,
        ),
    ] = None
    path: Annotated[
        PathName | None,
        Field(description="The path through the deck that it is part of; of each unless given."),
    ] = None
    notes: Annotated[
        StrictStr | list[StrictStr] | None,
        Field(
            description="What the speaker says where no notebook says it: to a syllabus, to the "
            "charts of times or of a sweep; a list has one for each slide, its last for the rest."
        ),
    ] = None
    timings: Annotated[StrictBool, Field(description="A summary of what the steps cost.")] = False
    syllabus: Annotated[
        StrictBool, Field(description="A list of the other sections, with their minutes.")
    ] = False

    @model_validator(mode="before")
    @classmethod
    def exactly_one_kind(cls, data: Any) -> Any:
        """Name the choice when none or several of the four kinds are given."""
        if isinstance(data, dict):
            given = [key for key in ("slides", "abreast", "timings", "syllabus") if data.get(key)]
            if len(given) != 1:
                raise PydanticCustomError(
                    "section_kind",
                    "a section needs exactly one of slides, abreast, timings and syllabus; found "
                    "{found}",
                    {"found": " and ".join(given) or "none"},
                )
        return data


class TimeoutsEntry(Strict):
    """Limits of an execution, in seconds."""

    cell: Seconds = 1800.0
    run: Seconds = 7200.0


class TimingEntry(Strict):
    """How the notebooks are timed."""

    runs: Annotated[
        StrictInt,
        Field(
            ge=1,
            description="Kernels that time each notebook, after one that is not counted: at least "
            "5, for a spread; or 1, whose times are first runs.",
        ),
    ] = 1


class DeckFile(Strict):
    """A talk: its title, its frameworks in the order of columns, its sections."""

    model_config = ConfigDict(extra="forbid", title="abreast deck", defer_build=True)

    title: StrictStr
    speaker: StrictStr = ""
    event: StrictStr = ""
    minutes: Minutes | None = None
    frameworks: Annotated[
        list[StrictStr | FrameworkEntry], Field(description="The columns, from the left.")
    ]
    parameters: Annotated[
        Parameters, Field(description="Injected into each notebook that declares them (quick).")
    ] = {}
    profiles: Annotated[
        dict[str, Parameters], Field(description="Named sets of parameters, over the above.")
    ] = {}
    data: Annotated[
        list[StrictStr], Field(description="Files the notebooks read; a change makes runs stale.")
    ] = []
    lib: Annotated[
        list[StrictStr], Field(description="Folders put on the kernels' import path.")
    ] = []
    timeouts: TimeoutsEntry = TimeoutsEntry()
    timing: TimingEntry = TimingEntry()
    language: Annotated[
        StrictStr,
        Field(
            pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
            description="The language of the slides' words, for screen readers: en, de, ar …",
        ),
    ] = "en"
    theme: Annotated[
        StrictStr | list[StrictStr],
        Field(description="light, dark or contrast, a CSS file of your own on top, or both."),
    ] = "light"
    steps: Annotated[
        list[Literal["code", "outputs"]],
        Field(description="What comes press by press: bands of code light up, outputs appear."),
    ] = ["code"]
    path: Annotated[
        PathName | None, Field(description="The only one of its paths that the deck shows.")
    ] = None
    repository: Annotated[
        StrictStr | None,
        Field(
            description="Where the decks are published: OWNER/REPO on GitHub; git's remote unless "
            "given.",
            json_schema_extra={"pattern": REPOSITORY},
        ),
    ] = None
    branch: Annotated[
        StrictStr | None,
        Field(description="The branch that links go to; the remote's default one unless given."),
    ] = None
    sections: Annotated[list[SectionEntry], Field(min_length=1)]
