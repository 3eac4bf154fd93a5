"""abreast env install, abreast env list."""

from __future__ import annotations

import click


@click.group("env")
def command() -> None:
    """Install and list the frameworks' environments."""


@command.command("install")
@click.argument("names", nargs=-1, metavar="[FRAMEWORK]…")
@click.option("--python", help="The interpreter to build on; abreast's own unless given.")
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="auto: cuda where there is a GPU and a lock for it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one event a line, as JSON.")
def install(names: tuple[str, ...], python: str | None, device: str, as_json: bool) -> None:
    """Create a virtualenv and a kernelspec for each FRAMEWORK (all, unless named).

    The size of the download is said first. A framework without wheels for this Python is said
    and passed over.
    """
    from abreast import frameworks
    from abreast.cli.console import progress
    from abreast.errors import UsageError, nearest
    from abreast.events import Said, Warned
    from abreast.model import Lack
    from abreast.run import environments

    known = frameworks.names()
    gpu = bool(environments.gpu_names())
    for name in names:
        if name not in known:
            raise UsageError(f"unknown framework '{name}'.", remedy=nearest(name, known))
    with progress(as_json=as_json) as emit:
        for name in names or known:
            framework = frameworks.load(name)
            chosen = environments.preferred_device(framework, gpu=gpu or device == "cuda")
            if device == "cpu":
                chosen = "cpu"
            result = environments.install(framework, chosen, python, emit=emit)
            if isinstance(result, Lack):
                emit(Warned(text=result.reason))
            else:
                emit(Said(text=f"{name} ({chosen}): ready, Python {result.python_version}"))


@command.command("list")
def list_environments() -> None:
    """List the frameworks, what is installed of them, and where."""
    from abreast import frameworks
    from abreast.cli.console import table
    from abreast.run import environments

    rows = []
    for name in frameworks.names():
        framework = frameworks.load(name)
        for device in framework.locks:
            found = environments.find(framework, device)
            state = f"Python {found.python_version}" if found else "not installed"
            option = " --device cuda" if device == "cuda" else ""
            remedy = str(found.folder) if found else f"abreast env install {name}{option}"
            rows.append((name, device, state, remedy))
    table("Environments", ("framework", "device", "state", "where, or how"), rows)
