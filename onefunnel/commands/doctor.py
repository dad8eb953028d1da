"""`onefunnel doctor`: can the sources be read, and does everything fit?"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from connectors.doctor import Finding, examine_hubspot, examine_salesforce
from onefunnel import config as settings
from onefunnel import dbt_manifest, exit_codes
from onefunnel import draft_mappings as draft
from onefunnel.commands.run import crm
from onefunnel.config import Config
from onefunnel.unmapped import unmapped_values

SHOWN = 8
MARKS = {"ok": ("ok  ", "green"), "warning": ("warn", "yellow"), "error": ("FAIL", "red")}


@click.command()
@click.option("--draft-mappings", is_flag=True, help="Print rows for the mapping seeds (CSV).")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --draft-mappings: write a file per seed, in the seed's own columns.",
)
@click.option("--quiet", is_flag=True, help="Leave out what is well.")
def command(draft_mappings: bool, into: Path | None, quiet: bool) -> int:
    """Look at credentials, permissions, fields, histories and mappings; change nothing.

    Says which permission to ask for, how many records there are, and what a first load costs.

    \b
    Examples:
      onefunnel doctor
      onefunnel doctor --draft-mappings > proposed.csv
      onefunnel doctor --draft-mappings --into drafts
    """
    config = settings.prepare(settings.load())
    values = unmapped_values(config.home.current / "published.duckdb")
    if into and not draft_mappings:
        raise click.UsageError("--into goes with --draft-mappings")
    worst = exit_codes.OK
    with crm(config) as config:
        rows = draft.drafts(draft.offered(config), values)
        if draft_mappings:
            return write_draft(rows, into) if into else print_draft(rows)
        for finding in findings(config, rows):
            if not (quiet and finding.level == "ok"):
                show(finding)
            if finding.level == "error":
                worst = exit_codes.SOURCE
    return worst


def findings(config: Config, rows: list[draft.Draft]) -> Iterator[Finding]:
    """The home, both sources, then the mappings."""
    yield Finding("ok", f"home {config.home.root}")
    manifest = dbt_manifest.read(dbt_manifest.ensure(config.home))
    required = dbt_manifest.required_columns(manifest, with_optional=False)
    config.sources()
    if config.salesforce:
        yield from examine_salesforce(config.salesforce, required.get("salesforce", {}))
    if config.hubspot:
        yield from examine_hubspot(config.hubspot, required.get("hubspot", {}))
    by_seed: dict[str, list[str]] = {}
    for row in rows:
        count = f" ({row.records:,} records)" if row.records else ""
        by_seed.setdefault(row.seed, []).append(f"{row.value!r}{count}")
    for seed, told in by_seed.items():
        more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
        yield Finding(
            "warning",
            f"mapping {seed}",
            f"{len(told)} not mapped: {', '.join(told[:SHOWN])}{more}",
            "Add rows to the seed, or leave values that nobody uses; "
            "`onefunnel doctor --draft-mappings --into drafts` proposes them",
        )


def show(finding: Finding) -> None:
    """One line, its remedy below."""
    mark, colour = MARKS[finding.level]
    text = f"{finding.subject}: {finding.problem}" if finding.problem else finding.subject
    click.echo(f"{click.style(mark, fg=colour)}  {text}")
    if finding.remedy:
        click.echo(f"      {finding.remedy}")


def print_draft(rows: list[draft.Draft]) -> int:
    """A CSV with the value filled in and the verdict left to people, unless the CRM states it."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["seed", "system", "value", "records", "means"])
    for row in rows:
        value = draft.guarded(row.value)
        writer.writerow([row.seed, row.system, value, row.records or "", row.hint])
    return exit_codes.OK


def write_draft(rows: list[draft.Draft], into: Path) -> int:
    """A file per seed."""
    for path in draft.write(rows, into):
        click.echo(f"wrote {path}: complete its rows and add them to the seed of that name")
    if not rows:
        click.echo("Every value that the CRMs offer is mapped")
    return exit_codes.OK
