"""`onefunnel run`: extract, build, audit and publish, in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches

import click

from onefunnel import config as settings
from onefunnel import exit_codes, local_crm, sources, summary
from onefunnel.config import Config
from onefunnel.refusal import Refusal
from onefunnel.run_lock import run_lock


@click.command()
@click.option("--select", help="Only these assets, as the Dagster UI writes a selection.")
@click.option(
    "--accept-shrink",
    multiple=True,
    metavar="SOURCE/OBJECT",
    help="This object has indeed far fewer records now; may be given more than once.",
)
def command(select: str | None, accept_shrink: tuple[str, ...]) -> None:
    """Extract, build, audit and publish, in this process.

    With a selection nothing is published unless it is complete: pages together with the release
    are rendered anew over the published warehouse, models alone are built privately.

    A source that suddenly returns a small part of its records is refused: more often a permission
    was lost than the records. When they were removed on purpose, say so with --accept-shrink.

    \b
    Examples:
      onefunnel run
      onefunnel run --select 'group:pages or key:"release/current"'
      onefunnel run --accept-shrink salesforce/Lead
    """
    require_known(accept_shrink)
    config = settings.prepare(settings.load())
    with run_lock(config.home, "onefunnel run"), crm(config) as config:
        summary.run_and_tell(config, select, accept_shrink)


def require_known(objects: tuple[str, ...]) -> None:
    """Refuse a name that no connector reads, before anything is read."""
    known = {"/".join(stream.asset_key) for stream in sources.streams()}
    for name in objects:
        if name not in known:
            near = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
            raise Refusal(
                f"--accept-shrink {name!r}: no such object is read",
                remedy=f"Write source/Object, for example {', '.join(near or ['salesforce/Lead'])}",
                exit_code=exit_codes.USAGE,
            )


@contextmanager
def crm(config: Config) -> Iterator[Config]:
    """The configured CRMs, else this home's local one for as long as the run lasts."""
    if config.has_crm or not local_crm.knows(config.home):
        config.sources()
        yield config
        return
    with local_crm.started(config) as running:
        os.environ.update(running.environment())
        yield settings.load()


__all__ = ["command", "crm", "exit_codes"]
