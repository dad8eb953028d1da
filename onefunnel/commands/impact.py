"""`onefunnel impact`: what moves if a change is merged."""

from __future__ import annotations

import os
from html import unescape
from pathlib import Path

import click

from onefunnel import config as settings
from onefunnel.config import DBT_PROJECT, QUIET_TOOLS


@click.command()
@click.option("--base", default="release", show_default=True, help="`release`, or a git revision.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the report.")
@click.option(
    "--project",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=DBT_PROJECT,
    help="The changed dbt project (default: this one).",
)
@click.option("--public", is_flag=True, help="Strangers may read it: withhold small cells and ids.")
@click.option("--whole", is_flag=True, help="Build and compare the tables of every page, too.")
@click.option("--quiet", is_flag=True, help="Do not print the report.")
def command(
    base: str, out: Path | None, project: Path, public: bool, whole: bool, quiet: bool
) -> int:
    """Say which numbers move if this change is merged, for whom, and what became of them.

    Compares the working tree with the current release, or with a git revision, on the release's
    data and as of its moment. Only what differs is built, into a file of its own; nothing is
    published. Of what rests on definitions alone, only what the report reads is built: the pages'
    other tables move when a definition does. --whole builds and compares these, too. Writes
    impact.md (for a pull request), impact.html and impact.json, and ids.json, which stays
    private: who leaves, enters or moves.

    \b
    Examples:
      onefunnel impact
      onefunnel impact --base origin/main --out report
      onefunnel impact --whole
    \b
    Exit codes: 0 nothing moves, or both teams signed it; 10 numbers move and are not signed (a
    change of marts alone cannot be: no agreement covers it, so both owners approve it by hand);
    11 the change fails a check; 12 it cannot be compared.
    """
    from review.impact import Request, impact

    os.environ.update(QUIET_TOOLS)
    config = settings.load()
    folder = out or config.home.root / "impact"
    request = Request(config.home, project.absolute(), base, folder, config.as_of, public, whole)
    code = impact(request)[1]
    if not quiet:
        # What is dangerous in a page is written as a number there; a terminal shows the sign.
        click.echo(unescape((folder / "impact.md").read_text(encoding="utf-8")))
    click.echo(f"Report: {folder / 'impact.html'}", err=True)
    return code
