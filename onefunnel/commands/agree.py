"""`onefunnel agree`: a team signs a definition."""

from __future__ import annotations

from datetime import date

import click

from onefunnel import agreeing, dbt_manifest, exit_codes
from onefunnel import config as settings
from onefunnel.refusal import Refusal
from review import agreements
from review.agreements import TEAMS, Evidence, WrongAgreement
from review.standing import Standing, problems


@click.command()
@click.argument("term", required=False)
@click.option("--as", "team", type=click.Choice(TEAMS), help="The team that signs.")
@click.option("--all", "everything", is_flag=True, help="Every definition that needs it.")
@click.option("--inputs", is_flag=True, help="Only take note of what changed upstream of the rule.")
@click.option("--effect", default="", help="What the change does, in one line.")
@click.option("--no-number-moves", is_flag=True, help="The same rule in other words.")
@click.option("--pull-request", default="", help="Where it was discussed.")
@click.option("--by", default="", help="Who signs (default: the owner named in the .yml).")
@click.option("--check", is_flag=True, help="Sign nothing; say what is not agreed.")
def command(
    term: str | None,
    team: str | None,
    everything: bool,
    inputs: bool,
    effect: str,
    no_number_moves: bool,
    pull_request: str,
    by: str,
    check: bool,
) -> None:
    """Sign a definition for marketing or for sales.

    Writes dbt_project/agreements/TERM.TEAM.yml: version, fingerprint of the rule and of what feeds
    it, date, owner, the effect in one line, and the served release's figures when they were made
    under this very rule. Commit the file. Signing again what is already signed says that the rule
    was reviewed today.

    \b
    Examples:
      onefunnel agree mql --as marketing --effect "MQLs 2,410 to 1,908 a quarter"
      onefunnel agree mql --as sales --inputs
      onefunnel agree --all --as sales --no-number-moves
      onefunnel agree --check
    """
    manifest = agreeing.manifest_of_tree()
    if check:
        tell_problems(problems(dbt_manifest.read(manifest), agreeing.PROJECT))
        return
    if team is None or (term is None) == (not everything):
        raise click.UsageError("Name one definition, or --all, and the team that signs with --as.")
    found = [one for one in agreeing.known_standings(manifest, term) if one.team == team]
    if everything:
        found = [one for one in found if one.problem or one.inputs_changed]
    home = settings.load().home
    try:
        for one in found:
            release, headline = agreeing.figures(home, manifest, one.term)
            evidence = Evidence(effect, pull_request, release, headline, no_number_moves)
            click.echo(sign(one, evidence, by, inputs))
            if not headline and not inputs:
                lacking = (
                    "no shared number is its own"
                    if release
                    else "the served release was not made under this rule"
                )
                click.echo(f"  no figures: {lacking}")
    except WrongAgreement as error:
        raise Refusal(str(error), exit_code=exit_codes.USAGE) from None
    if not found:
        click.echo(f"{team} has signed every definition as it stands.")


def sign(one: Standing, evidence: Evidence, by: str, inputs: bool) -> str:
    """Write one agreement and say so."""
    before = agreements.read(agreeing.PROJECT, one.term.name, one.team)
    # Whoever signs is a person of today, so this is one of the few places that ask the clock.
    after = (
        agreements.acknowledged(one.term, one.team, before, evidence)
        if inputs
        else agreements.signed(one.term, one.team, before, evidence, by=by, today=date.today())
    )
    path = agreements.write(agreeing.PROJECT, one.term, one.team, after)
    newest = after[0]
    said = f"{one.term.name} v{newest.version} {newest.rule}: {newest.effect}"
    return f"{said} ({path.relative_to(agreeing.PROJECT.parent)})"


def tell_problems(found: list[str]) -> None:
    """Nothing, or what is not agreed and who must do what."""
    if not found:
        click.echo("Both teams agree to every definition as it stands.")
        return
    raise Refusal(
        "Not agreed:\n" + "\n".join(f"  - {problem}" for problem in found),
        exit_code=exit_codes.NOT_AGREED,
    )
