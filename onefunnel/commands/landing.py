"""`onefunnel landing`: what has landed, up to which moment."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from connectors.compaction import compact as compact_stream
from connectors.landing import Landing
from connectors.manifest import Manifest
from onefunnel import config as settings
from onefunnel import sources, stream_status
from onefunnel.run_lock import run_lock


@click.command()
@click.option("--verify", is_flag=True, help="Compare every file with its checksum.")
@click.option("--drift", default=10, show_default=True, help="So many changes of schemas.")
@click.option(
    "--compact", is_flag=True, help="Merge small batches now; replaced ones go with a build."
)
def command(verify: bool, drift: int, compact: bool) -> None:
    """List every raw object: batches, rows, watermark, how its last reading ended, drift.

    \b
    Examples:
      onefunnel landing --verify
      onefunnel landing --drift 100
    """
    home = settings.load().home
    landing = Landing(home.landing)
    if verify:
        landing.verify()
    if compact:
        with run_lock(home, "onefunnel landing --compact"):
            for key in landing.streams():
                compact_stream(landing, *key)
    status = stream_status.known(home)
    table = Table(box=None, pad_edge=False)
    for column in ("object", "batches", "rows", "complete up to (UTC)", "last reading"):
        is_number = column in ("batches", "rows")
        table.add_column(column, justify="right" if is_number else "left", no_wrap=True)
    for spec in sources.specs():
        for stream in spec.streams:
            name = "/".join(stream.asset_key)
            state = landing.state(*stream.asset_key)
            last = status.get(name)
            table.add_row(
                name,
                str(len(landing.manifests(*stream.asset_key))),
                f"{state.total_rows:,}" if state else "-",
                complete_to(state),
                f"{last.status} {last.message}".strip() if last else "-",
            )
    console = Console(highlight=False, width=None if Console().is_terminal else 140)
    console.print(table)
    tell_drift(console, landing, drift)
    for spec in sources.specs():
        watermark = landing.watermark(spec.source)
        console.print(f"{spec.source} is complete up to {watermark or 'nothing yet'}")
    console.print(f"fingerprint {landing.fingerprint()}" + (", all files whole" if verify else ""))


def complete_to(state: Manifest | None) -> str:
    """Up to when an object is complete."""
    if state is None:
        return "never"
    return "first load goes on" if state.unfinished else f"{state.window_end:%Y-%m-%d %H:%M:%S}"


def tell_drift(console: Console, landing: Landing, most: int) -> None:
    """The newest changes of the CRMs' schemas."""
    found = []
    for source, stream in landing.streams():
        state = landing.state(source, stream)
        known = state.drifts if state else ()
        found += [(one.at, f"{source}/{stream}", one.words()) for one in known]
    if found and most:
        console.print(f"{len(found)} changes of schemas, the newest:")
    for at, name, words in sorted(found)[-most:] if most else ():
        console.print(f"  {at.replace('T', ' ')}  {name}: {words}")
