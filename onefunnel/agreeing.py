"""What the commands of agreements share: the working tree's terms, and figures to sign beside."""

from __future__ import annotations

from pathlib import Path

from dashboards import glossary
from onefunnel import config as settings
from onefunnel import dbt_manifest, exit_codes
from onefunnel.home import Home
from onefunnel.private_warehouse import open_duckdb
from onefunnel.refusal import Refusal
from onefunnel.releases import Releases
from review.agreements import Term
from review.standing import REVIEW_MONTHS, Standing, standings

PROJECT = settings.DBT_PROJECT
NOT_AGREED = """
select definition || ' v' || version || ': ' || case
    when marketing_agreed_on is null and sales_agreed_on is null then 'agreed to by nobody'
    when marketing_agreed_on is null then 'not agreed to by marketing'
    when sales_agreed_on is null then 'not agreed to by sales'
    else 'not reviewed since ' || reviewed_on end
from marts.definition_change cross join marts.run
where is_in_force and (
    marketing_agreed_on is null or sales_agreed_on is null
    or reviewed_on < run.as_of - to_months(?::integer)
)
order by 1
"""


def manifest_of_tree() -> Path:
    """The manifest of the project as it stands in the working tree, compiled."""
    return dbt_manifest.ensure(settings.prepare(settings.load()).home)


def known_standings(manifest: Path, term: str | None) -> list[Standing]:
    """Where all definitions stand, or one; a name that is none is refused."""
    found = standings(dbt_manifest.read(manifest), PROJECT)
    names = sorted({one.term.name for one in found})
    if term and term not in names:
        raise Refusal(
            f"{term!r} is no definition",
            remedy=f"Definitions are {', '.join(names)}",
            exit_code=exit_codes.USAGE,
        )
    return [one for one in found if term in (None, one.term.name)]


def not_agreed(published: Path) -> list[str]:
    """Definitions of a published warehouse that a team did not sign, or read too long ago."""
    con = open_duckdb(published, read_only=True)
    try:
        return [row[0] for row in con.execute(NOT_AGREED, [REVIEW_MONTHS]).fetchall()]
    finally:
        con.close()


def figures(home: Home, manifest: Path, term: Term) -> tuple[str, dict[str, float]]:
    """Release and headline figures of a definition, when the served release is of this very rule.

    Figures of another rule would be a false witness: then there are none.
    """
    current = Releases(home).current()
    if current is None:
        return "", {}
    con = open_duckdb(home.releases / current.name / "published.duckdb", read_only=True)
    try:
        rows = con.execute(
            "select max(fingerprint) from marts.definition_change where definition = ? "
            "and version = ?",
            [term.name, term.version],
        ).fetchall()
    finally:
        con.close()
    if rows[0][0] != term.rule:
        return "", {}
    metrics = glossary.read(manifest, None).metrics
    own = {slug for slug, metric in metrics.items() if metric.definition == term.name}
    said = current.facts.get("headline", {})
    return current.name, {slug: value for slug, value in said.items() if slug in own}
