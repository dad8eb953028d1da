"""`onefunnel landing`: what has landed, up to which moment."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from connectors.landing import Landing
from onefunnel import config as settings
from onefunnel import sources, stream_status


@click.command()
@click.option("--verify", is_flag=True, help="Compare every file with its checksum.")
def command(verify: bool) -> None:
    """List every raw object: batches, rows, watermark, how its last reading ended.

    \b
    Example:
      onefunnel landing --verify
    """
    home = settings.load().home
    landing = Landing(home.landing)
    if verify:
        landing.verify()
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
                f"{state.window_end:%Y-%m-%d %H:%M:%S}" if state else "never",
                f"{last.status} {last.message}".strip() if last else "-",
            )
    console = Console(highlight=False, width=None if Console().is_terminal else 140)
    console.print(table)
    for spec in sources.specs():
        watermark = landing.watermark(spec.source)
        console.print(f"{spec.source} is complete up to {watermark or 'nothing yet'}")
    console.print(f"fingerprint {landing.fingerprint()}" + (", all files whole" if verify else ""))
