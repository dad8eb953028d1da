"""`onefunnel sandbox land`: a simulated company in the landing, without any server."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from connectors.landing import Landing
from connectors.sandbox import sizes
from onefunnel import config as settings
from onefunnel import exit_codes
from onefunnel.refusal import Refusal


@click.command("land")
@click.option("--size", type=click.Choice(sizes.SIZES), default="demo", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Another company.")
def command(size: str, seed: int) -> None:
    """Land a simulated company straight, for benchmarks: no server, no requests.

    The batches are those that the connectors would land. 100k and 1m are copies of the demo company
    with ids, addresses and domains of their own; 1m has a million people and takes some minutes.

    \b
    Example:
      ONEFUNNEL_HOME=bench onefunnel sandbox land --size 1m
    """
    home = settings.prepare(settings.load()).home
    if any(home.landing.glob("*/*/*")):
        raise Refusal(
            f"{home.root} has a landing already; a second company in it would mix both",
            remedy="Set ONEFUNNEL_HOME to another folder, or remove that one",
            exit_code=exit_codes.USAGE,
        )
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description:<32}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=None)

        def told(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        people, rows, moment = sizes.land(size, seed, Landing(home.landing), told)
    click.echo(
        f"Landed {people:,} people in {rows:,} rows, complete up to {moment:%Y-%m-%d %H:%M} UTC"
    )
