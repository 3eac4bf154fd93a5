"""abreast env install, update and list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from abreast.cli.options import AS_JSON, DEVICE

if TYPE_CHECKING:
    from abreast.model import DeviceClass, Framework, Lock


@click.group("env")
def command() -> None:
    """Install, raise and list the frameworks' environments."""


@command.command("install")
@click.argument("names", nargs=-1, metavar="[FRAMEWORK]…")
@click.option("--python", help="The interpreter to build on; abreast's own unless given.")
@DEVICE
@AS_JSON
def install(names: tuple[str, ...], python: str | None, device: str, as_json: bool) -> None:
    """Create a virtualenv and a kernelspec for each FRAMEWORK (all, unless named).

    The size of the download is said first. A framework without wheels for this Python is said
    and passed over.
    """
    from abreast import frameworks
    from abreast.cli.console import progress
    from abreast.events import Said, Warned
    from abreast.model import Lack
    from abreast.run import environments

    wanted = [_framework(name) for name in names or frameworks.names()]
    with progress(as_json=as_json) as emit:
        for framework in wanted:
            name, chosen = framework.name, _device(framework, device)
            lock = _lock(framework, chosen)
            result = environments.install(framework, chosen, python, lock=lock, emit=emit)
            if isinstance(result, Lack):
                emit(Warned(text=result.reason))
            else:
                emit(Said(text=f"{name} ({chosen}): ready, Python {result.python_version}"))


@command.command("update")
@click.argument("name", metavar="FRAMEWORK")
@click.option("--to", "version", help="The version to raise it to; the newest unless given.")
@DEVICE
@AS_JSON
def update(name: str, version: str | None, device: str, as_json: bool) -> None:
    """Raise FRAMEWORK in the lock of this project's decks, with what it needs, and install it.

    The lock is a file in decks/locks/, to be committed with the decks. Then `abreast build` shows
    what it did.
    """
    from abreast.cli.console import progress
    from abreast.deck.deckfile import decks_folder
    from abreast.errors import shown
    from abreast.run.locks import lock_file, locks_folder
    from abreast.run.updating import update_environment

    framework = _framework(name)
    chosen = _device(framework, device)
    folder = locks_folder(decks_folder())
    with progress(as_json=as_json) as emit:
        changes = update_environment(framework, chosen, folder, version, emit)
    if as_json:
        return
    for package, (before, after) in changes.items():
        click.echo(f"{package} {before or 'new'} → {after}")
    if changes:
        click.echo(f"Wrote {shown(lock_file(framework, chosen, folder))}")
        click.echo("Now: abreast status, then abreast build DECK")


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
            found = environments.find(framework, device, _lock(framework, device))
            state = f"Python {found.python_version}" if found else "not installed"
            option = " --device cuda" if device == "cuda" else ""
            remedy = str(found.folder) if found else f"abreast env install {name}{option}"
            rows.append((name, device, state, remedy))
    table("Environments", ("framework", "device", "state", "where, or how"), rows)


def _framework(name: str) -> Framework:
    from abreast import frameworks
    from abreast.errors import UsageError, nearest

    known = frameworks.names()
    if name not in known:
        raise UsageError(f"unknown framework '{name}'.", remedy=nearest(name, known))
    return frameworks.load(name)


def _device(framework: Framework, given: str) -> DeviceClass:
    from abreast.run.environments import preferred_device
    from abreast.run.machine import this_machine

    if given == "cpu":
        return "cpu"
    return preferred_device(framework, gpu=given == "cuda" or bool(this_machine().gpus))


def _lock(framework: Framework, device: DeviceClass) -> Lock:
    """Return the lock that decks here are run with."""
    from abreast.deck.deckfile import decks_folder
    from abreast.run.locks import lock_of, locks_folder

    return lock_of(framework, device, locks_folder(decks_folder()))
