"""`onefunnel history`: who agreed to what, when, and what it did."""

from __future__ import annotations

from datetime import date

import click

from dashboards.formats import count
from onefunnel import agreeing, exit_codes
from onefunnel.refusal import Refusal
from review import standing
from review.agreements import TEAMS, WrongAgreement
from review.registry import Entry, entries
from review.standing import Standing


@click.command()
@click.argument("term", required=False)
def command(term: str | None) -> None:
    """List every agreed version of a definition, newest first; without a name, where all stand.

    \b
    Examples:
      onefunnel history mql
      onefunnel history
    """
    manifest = agreeing.manifest_of_tree()
    try:
        found = agreeing.known_standings(manifest, term)
        rows = entries(agreeing.PROJECT, term) if term else []
    except WrongAgreement as error:
        raise Refusal(str(error), exit_code=exit_codes.USAGE) from None
    if term:
        for row in rows:
            tell(row)
        if not rows:
            click.echo(f"Nobody has agreed to {term} yet.")
    else:
        table(found)
    for line in remarks(found):
        click.echo(line)


def tell(row: Entry) -> None:
    """One version: date, fingerprint, both signatures, effect, figures."""
    click.echo(f"{row.definition} v{row.version}  in force from {row.changed_on}  {row.rule}")
    for team in TEAMS:
        one = row.agreed.get(team)
        who = f"{one.agreed_by} on {one.agreed_on}" if one else "not agreed"
        reviewed = ""
        if one and one.reviewed_on != one.agreed_on:
            reviewed = f", reviewed {one.reviewed_on}"
        click.echo(f"    {team:<10}{who}{reviewed}")
    click.echo(f"    {'effect':<10}{row.effect}")
    if row.pull_request:
        click.echo(f"    {'discussed':<10}{row.pull_request}")
    if row.headline:
        told = ", ".join(f"{slug} {shown(value)}" for slug, value in row.headline.items())
        click.echo(f"    {'figures':<10}{told}")


def shown(value: float) -> str:
    """A figure as it stands in the file, readable."""
    return count(value) if float(value).is_integer() else f"{value:.3f}"


def table(found: list[Standing]) -> None:
    """Every definition in one line."""
    click.echo(f"{'definition':<22}{'version':>8}  " + "".join(f"{team:<26}" for team in TEAMS))
    by_name: dict[str, dict[str, Standing]] = {}
    for one in found:
        by_name.setdefault(one.term.name, {})[one.team] = one
    for name, teams in by_name.items():
        told = "".join(f"{state(teams[team]):<26}" for team in TEAMS)
        click.echo(f"{name:<22}{teams[TEAMS[0]].term.version:>8}  {told}")


def state(one: Standing) -> str:
    """Agreed since when, or not."""
    if one.signed is None:
        return "never agreed"
    if not one.is_agreed:
        return "stale"
    return f"agreed {one.signed.agreed_on}" + (" (inputs)" if one.inputs_changed else "")


def remarks(found: list[Standing]) -> list[str]:
    """What is to be done, by whom."""
    told = [one.problem for one in found if one.problem]
    return [f"! {line}" for line in [*told, *standing.remarks(found, date.today())]]
