"""`onefunnel run`: extract, build, audit and publish, in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from onefunnel import config as settings
from onefunnel import exit_codes, local_crm, summary
from onefunnel.config import Config
from onefunnel.run_lock import run_lock


@click.command()
@click.option("--select", help="Only these assets, as the Dagster UI writes a selection.")
def command(select: str | None) -> None:
    """Extract, build, audit and publish, in this process.

    With a selection nothing is published unless it is complete: pages together with the release
    are rendered anew over the published warehouse, models alone are built privately.

    \b
    Examples:
      onefunnel run
      onefunnel run --select 'group:pages or key:"release/current"'
    """
    config = settings.prepare(settings.load())
    with run_lock(config.home, "onefunnel run"), crm(config) as config:
        summary.run_and_tell(config, select)


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
