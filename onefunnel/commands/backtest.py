"""`onefunnel backtest`: evidence for a rule, from what sales accepted and won."""

from __future__ import annotations

import json
from pathlib import Path

import click

from onefunnel import config as settings
from onefunnel import dbt_manifest, exit_codes
from onefunnel.private_warehouse import open_duckdb
from onefunnel.refusal import Refusal
from onefunnel.releases import Releases
from review.agreements import WrongAgreement
from review.backtest import page, trial, words


@click.command()
@click.argument("term", type=click.Choice(["mql"]))
@click.option("--minimum-score", type=click.IntRange(1), help="Try this threshold.")
@click.option("--tree", is_flag=True, help="Try the numbers and scoring seeds of the working tree.")
@click.option(
    "--horizon-days",
    type=click.IntRange(1),
    default=trial.HORIZON_DAYS,
    show_default=True,
    help="Days that a conversation is given to be won.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the page and the JSON.")
def command(
    term: str, minimum_score: int | None, tree: bool, horizon_days: int, out: Path | None
) -> None:
    """Work back from what sales accepted and won to what was known before the first conversation.

    Of the served release: only leads with a decision, only signals before the conversation, only
    quarters whose outcomes are complete. A threshold is chosen on older quarters and judged on
    later ones. Proposes, never edits. Writes a page of evidence and the same as JSON.

    \b
    Examples:
      onefunnel backtest mql
      onefunnel backtest mql --minimum-score 60
      onefunnel backtest mql --tree
    """
    config = settings.prepare(settings.load())
    current = Releases(config.home).require_current()
    release = config.home.releases / current.name
    released = dbt_manifest.read(release / "manifest.json")
    candidate = None
    if tree:
        manifest = dbt_manifest.read(dbt_manifest.ensure(config.home))
        candidate = (manifest, settings.DBT_PROJECT)
    try:
        report = trial.run(
            release / "review.duckdb",
            released,
            minimum_score=minimum_score,
            tree=candidate,
            horizon_days=horizon_days,
        )
    except WrongAgreement as error:
        raise Refusal(str(error), exit_code=exit_codes.USAGE) from None
    report["release"] = current.name
    currency = currency_of(release / "published.duckdb")
    for line in words.lines(report, currency):
        click.echo(line)
    folder = out or config.home.root / "review" / f"backtest-{term}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backtest.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    click.echo(f"\nPage: {page.write(report, currency, folder)}")


def currency_of(published: Path) -> str:
    """The currency of all amounts."""
    con = open_duckdb(published, read_only=True)
    try:
        return str(con.execute("select currency from marts.run").fetchall()[0][0])
    finally:
        con.close()
