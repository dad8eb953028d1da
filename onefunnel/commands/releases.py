"""`onefunnel releases`: what was published."""

from __future__ import annotations

import click

from onefunnel import config as settings
from onefunnel.releases import Releases


@click.command()
@click.option("--verify", is_flag=True, help="Compare every file with its checksum.")
def command(verify: bool) -> None:
    """List the releases that are kept, with their headline figures; the served one is marked.

    \b
    Example:
      onefunnel releases --verify
    """
    releases = Releases(settings.load().home)
    current = releases.require_current()
    kept = releases.all()
    for release in kept:
        mark = "*" if release.name == current.name else " "
        click.echo(f"{mark} {release.name}  as of {release.as_of} UTC")
        if verify:
            damaged = releases.damage(release)
            click.echo(f"    {'damaged: ' + ', '.join(damaged) if damaged else 'whole'}")
    names = sorted({name for release in kept for name in release.headline})
    shown = kept[:4]
    if names:
        click.echo(f"\n{'':<32}" + "".join(f"{release.name[-17:]:>20}" for release in shown))
    for name in names:
        row = "".join(f"{release.headline.get(name, '-'):>20}" for release in shown)
        click.echo(f"{name.replace('_', ' '):<32}{row}")
