"""`onefunnel doctor`: can the sources be read, and does everything fit?"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator

import click

from connectors.doctor import Finding, examine_hubspot, examine_salesforce
from onefunnel import config as settings
from onefunnel import dbt_manifest, exit_codes
from onefunnel.commands.run import crm
from onefunnel.config import Config
from onefunnel.unmapped import UnmappedValue, unmapped_values

MARKS = {"ok": ("ok  ", "green"), "warning": ("warn", "yellow"), "error": ("FAIL", "red")}


@click.command()
@click.option("--draft-mappings", is_flag=True, help="Print rows for the mapping seeds (CSV).")
@click.option("--quiet", is_flag=True, help="Leave out what is well.")
def command(draft_mappings: bool, quiet: bool) -> int:
    """Look at credentials, reachability, permissions, fields and mappings; change nothing.

    \b
    Examples:
      onefunnel doctor
      onefunnel doctor --draft-mappings > proposed.csv
    """
    config = settings.prepare(settings.load())
    values = unmapped_values(config.home.current / "published.duckdb")
    if draft_mappings:
        return print_draft(values)
    worst = exit_codes.OK
    with crm(config) as config:
        for finding in findings(config, values):
            if not (quiet and finding.level == "ok"):
                show(finding)
            if finding.level == "error":
                worst = exit_codes.SOURCE
    return worst


def findings(config: Config, values: list[UnmappedValue]) -> Iterator[Finding]:
    """The home, both sources, then the mappings."""
    yield Finding("ok", f"home {config.home.root}")
    manifest = dbt_manifest.read(dbt_manifest.ensure(config.home))
    required = dbt_manifest.required_columns(manifest, with_optional=False)
    config.sources()
    if config.salesforce:
        yield from examine_salesforce(config.salesforce, required.get("salesforce", {}))
    if config.hubspot:
        yield from examine_hubspot(config.hubspot, required.get("hubspot", {}))
    for value in values:
        yield Finding(
            "warning",
            f"mapping {value.mapping}",
            f"{value.value!r} is not mapped ({value.records:,} records)",
            "add a row to the seed; --draft-mappings proposes it",
        )


def show(finding: Finding) -> None:
    """One line, its remedy below."""
    mark, colour = MARKS[finding.level]
    text = f"{finding.subject}: {finding.problem}" if finding.problem else finding.subject
    click.echo(f"{click.style(mark, fg=colour)}  {text}")
    if finding.remedy:
        click.echo(f"      {finding.remedy}")


def print_draft(values: list[UnmappedValue]) -> int:
    """A CSV with the value filled in and the verdict left to people."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["seed", "value", "records", "means"])
    for value in values:
        guarded = f"'{value.value}" if value.value[:1] in ("=", "+", "-", "@") else value.value
        writer.writerow([value.mapping, guarded, value.records, ""])
    return exit_codes.OK
