"""`onefunnel rollback`: serve an earlier release again."""

from __future__ import annotations

import click

from onefunnel import config as settings
from onefunnel.releases import Releases
from onefunnel.run_lock import run_lock


@click.command()
@click.argument("release", required=False)
def command(release: str | None) -> None:
    """Serve an earlier release again: the one before the current, or the one that is named.

    The next run publishes anew; to keep a rule from coming back, revert its change.

    \b
    Examples:
      onefunnel rollback
      onefunnel rollback 20260630-120000-1a2b3c4d
    """
    home = settings.prepare(settings.load()).home
    with run_lock(home, "onefunnel rollback"):
        target = Releases(home).roll_back(release)
    click.echo(f"Serving {target.name}, as of {target.as_of} UTC")
