"""`onefunnel audit`: the shared audit of definitions with which two teams start."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dashboards import audit, formats, site
from dashboards.audit_section import COUNT, DAY, PERCENT, SIGNED, Ask, Column, Section, grouped
from dashboards.labels import clean, csv_cell
from onefunnel import audit_build, exit_codes
from onefunnel import config as settings
from onefunnel.private_warehouse import open_duckdb
from onefunnel.refusal import Refusal
from onefunnel.releases import Releases
from onefunnel.run_lock import run_lock

DEFAULT_PERIOD = "last_90_days"
SHAPES = {"quarter": r"\d{4}-Q[1-4]", "month": r"\d{4}-(0[1-9]|1[0-2])"}
MOST_ROWS = 12
WIDTH = 130


@click.command()
@click.option(
    "--period",
    default=DEFAULT_PERIOD,
    show_default=True,
    help="A fiscal quarter (2025-Q3), a month (2025-08), or last_30_days, last_90_days, "
    "this_quarter, last_quarter, last_12_months, all_time.",
)
@click.option(
    "--from-landing",
    is_flag=True,
    help="Build the audit from what has landed, also before any mapping fits; publish nothing.",
)
@click.option(
    "--records",
    "definition",
    type=click.Choice(list(audit.DEFINITIONS)),
    help="List every differing record of this definition by id (CSV), and nothing else.",
)
@click.option(
    "--html",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write it as a page into this folder too: all periods that pages have, from last_30_days "
    "to all_time.",
)
@click.option("--full", is_flag=True, help="All rows of every table.")
def command(
    period: str, from_landing: bool, definition: str | None, html: Path | None, full: bool
) -> None:
    """Print what both systems say: who counts as qualified, what is used, what is missing.

    It is what marketing and sales look at together before they agree on anything: the count of
    qualified leads by each competing definition, one reason for every difference, the statuses and
    reasons in use, and where the systems disagree.

    Without --from-landing it reads the served release. With it the tables are built from the
    landing alone, which works when a run was refused because too many values are not mapped yet.

    Both know every fiscal quarter and month since anything was counted. Quarters are those of
    dbt_project/seeds/calendar; a fiscal year has the name of the year in which it ends.

    \b
    Examples:
      onefunnel audit
      onefunnel audit --period 2025-Q3
      onefunnel audit --period last_quarter --records hubspot_lifecycle > differences.csv
      onefunnel audit --from-landing --html ./audit
    """
    with tables(from_landing) as (warehouse, manifest, told):
        con = open_duckdb(warehouse, read_only=True)
        try:
            ask = asking(con)
            chosen = known_period(ask, period)
            period = chosen["period"]
            if definition:
                print_records(audit.differences(ask, period, definition))
                return
            console = Console(highlight=False, width=None if Console().is_terminal else WIDTH)
            days = formats.span(chosen["starts_on"], chosen["ends_on"])
            console.print(f"[bold]Shared audit[/bold] · {chosen['label']} ({days}) · {told}\n")
            for section in audit.sections(ask, period):
                show(console, section, None if full else MOST_ROWS)
        finally:
            con.close()
        if html:
            page = site.build_page("audit", warehouse, html, manifest=manifest, run_results=None)
            click.echo(f"Page: {page.path}")


@contextmanager
def tables(from_landing: bool) -> Iterator[tuple[Path, Path, str]]:
    """The warehouse to read, the manifest that describes it, and where it comes from."""
    config = settings.load()
    if from_landing:
        config = settings.prepare(config)
        with run_lock(config.home, "onefunnel audit"):
            click.echo("Building the audit's tables from the landing …", err=True)
            with audit_build.built(config) as (warehouse, manifest):
                yield warehouse, manifest, "from the landing, not released"
        return
    try:
        release = Releases(config.home).require_current()
    except Refusal as refusal:
        raise Refusal(
            refusal.problem,
            remedy="`onefunnel audit --from-landing` needs no release: it builds the audit from "
            "what has landed. Or run `onefunnel run` (on a simulated company: `onefunnel demo`)",
            exit_code=refusal.exit_code,
        ) from None
    folder = config.home.releases / release.name
    yield folder / "published.duckdb", folder / "manifest.json", f"release {release.name}"


def asking(con: duckdb.DuckDBPyConnection) -> Ask:
    """What gives the rows of a query by column name."""

    def ask(sql: str, *parameters: object) -> list[dict[str, Any]]:
        try:
            cursor = con.execute(sql, list(parameters))
        except duckdb.CatalogException:
            raise Refusal(
                "The served release was made before the audit had all of its tables",
                remedy="Run `onefunnel run`, or use --from-landing",
                exit_code=exit_codes.NOTHING_PUBLISHED,
            ) from None
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return ask


def known_period(ask: Ask, period: str) -> Mapping[str, Any]:
    """The period, or a refusal that says which there are."""
    known = {row["period"]: row for row in audit.every_period(ask)}
    chosen = known.get(period) or known.get(period.upper())
    if chosen:
        return chosen
    kinds = {
        kind: [row for row in known.values() if row["kind"] == kind]
        for kind in ("window", "quarter", "month")
    }
    problem = "there is no such period"
    spans = {kind: (kinds[kind][0]["period"], kinds[kind][-1]["period"]) for kind in SHAPES}
    for kind, shape in SHAPES.items():
        first, running = spans[kind]
        if re.fullmatch(shape, period.upper()):
            problem = (
                f"it has not begun; the running {kind} is {running}"
                if period.upper() > running
                else f"nothing was counted before {first}"
            )
    days = formats.span(kinds["quarter"][-1]["starts_on"], kinds["quarter"][-1]["ends_on"])
    raise Refusal(
        f"--period {period!r}: {problem}",
        remedy=f"Write a fiscal quarter, {' to '.join(spans['quarter'])} ({days}), a month, "
        f"{' to '.join(spans['month'])}, or one of "
        f"{', '.join(row['period'] for row in kinds['window'])}",
        exit_code=exit_codes.USAGE,
    )


def show(console: Console, section: Section, most: int | None) -> None:
    """Print one table; a long list is cut and says so."""
    console.print(f"[bold]{section.title}[/bold]\n{section.subtitle}")
    if section.notice:
        console.print(f"[bold]{section.notice}[/bold]")
    if not section.rows:
        console.print(f"  {section.empty}\n")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in section.columns:
        is_number = column.kind in (COUNT, SIGNED, PERCENT)
        table.add_column(column.title, justify="right" if is_number else "left")
    for name, rows in grouped(section):
        if name:
            table.add_row(f"[bold]{escape(clean(name))}[/bold]")
        for row in rows[:most]:
            cells = [written(column, row) for column in section.columns]
            table.add_row(*cells, style="bold" if row.get("is_total") else None)
        if most and len(rows) > most:
            table.add_row(f"… {len(rows) - most} more (--full)", style="dim")
    console.print(table)
    console.print()


def written(column: Column, row: Mapping[str, Any]) -> str:
    """A cell as text that no terminal interprets."""
    value = row[column.key]
    if column.kind == COUNT:
        return formats.count(value)
    if column.kind == SIGNED:
        return "" if value is None else f"{value:+,}".replace("+0", "0")
    if column.kind == PERCENT:
        return formats.percent(value)
    if column.kind == DAY:
        return formats.day(value)
    return "" if value is None else escape(clean(value))


def print_records(rows: list[dict[str, Any]]) -> None:
    """Ids as CSV; a value that a spreadsheet would run gets an apostrophe."""
    names = ["definition", "counts", "reason", "detail", "system", "object", "record_id",
             "person_id", "episode_id", "claimed_on", "mql_on"]  # fmt: skip
    writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: csv_cell(value) for name, value in row.items()} for row in rows)
