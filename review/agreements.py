"""Agreements: what each team signed of each definition, kept as files in git beside the rule.

    dbt_project/agreements/<definition>.<team>.yml

Two files a definition, since one reviewer satisfies a CODEOWNERS line that names two. Newest
agreement first; nothing is ever removed, so the files are the registry of versions too. Belongs
here: reading, writing and what an agreement holds. Whether it still holds is in `standing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

TEAMS = ("marketing", "sales")
FOLDER = "agreements"
NO_NUMBER_MOVES = "no number moves"
FIRST = "first version on record"


class WrongAgreement(Exception):
    """A file or a request that cannot be; the message names field, file and remedy."""


@dataclass(frozen=True)
class Term:
    """What is agreed on, as the working tree has it."""

    name: str
    version: int
    changed_on: date
    rule: str
    inputs: str
    owners: Mapping[str, str]


@dataclass(frozen=True)
class Agreement:
    """One signature of one team under one version of one rule."""

    version: int
    changed_on: date
    rule: str
    inputs: str
    agreed_on: date
    reviewed_on: date
    agreed_by: str
    effect: str
    pull_request: str = ""
    release: str = ""
    headline: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """What a signer saw: the effect in a line, where it was discussed, figures of a release."""

    effect: str = ""
    pull_request: str = ""
    release: str = ""
    headline: Mapping[str, float] = field(default_factory=dict)
    no_number_moves: bool = False


def path_of(project: Path, name: str, team: str) -> Path:
    """The file of one team."""
    return project / FOLDER / f"{name}.{team}.yml"


def read(project: Path, name: str, team: str) -> list[Agreement]:
    """What a team agreed to, newest first; nothing when there is no file."""
    path = path_of(project, name, team)
    if not path.is_file():
        return []
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [agreement(row) for row in given["agreements"]]
    except (yaml.YAMLError, TypeError, KeyError, ValueError) as error:
        raise WrongAgreement(
            f"{path.name} cannot be read ({type(error).__name__}: {str(error).splitlines()[0]}); "
            f"restore it from git, or remove it and run `onefunnel agree {name} --as {team}`"
        ) from None


def agreement(row: Mapping[str, Any]) -> Agreement:
    """One entry of a file; what is not known is an error, what is missing too."""
    found = Agreement(**row)
    wrong = [
        name
        for name in ("changed_on", "agreed_on", "reviewed_on")
        if not isinstance(getattr(found, name), date)
    ]
    if wrong or not isinstance(found.version, int):
        raise ValueError(f"{', '.join(wrong) or 'version'} is no {'date' if wrong else 'number'}")
    return replace(found, rule=str(found.rule), inputs=str(found.inputs))


def write(project: Path, term: Term, team: str, agreements: list[Agreement]) -> Path:
    """Write a team's file."""
    path = path_of(project, term.name, team)
    path.parent.mkdir(exist_ok=True)
    owner = term.owners[team]
    body = {
        "definition": term.name,
        "team": team,
        "owner": owner,
        "agreements": [plain(one) for one in agreements],
    }
    remark = f"# {owner} agreed to this: written by `onefunnel agree {term.name} --as {team}`.\n"
    text = yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(remark + text, encoding="utf-8")
    return path


def plain(one: Agreement) -> dict[str, Any]:
    """Only what is said: an empty field is left out."""
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in asdict(one).items()
        if value not in ("", {})
    }


def signed(
    term: Term, team: str, before: list[Agreement], evidence: Evidence, *, by: str, today: date
) -> list[Agreement]:
    """The agreements after this signature; refused when it does not say what the change does."""
    newest = before[0] if before else None
    if newest and (newest.rule, newest.version) == (term.rule, term.version):
        renewed = replace(
            newest,
            inputs=term.inputs,
            changed_on=term.changed_on,
            reviewed_on=today,
            effect=evidence.effect or newest.effect,
            pull_request=evidence.pull_request or newest.pull_request,
            release=evidence.release or newest.release,
            headline=evidence.headline or newest.headline,
        )
        return [renewed, *before[1:]]
    return [
        Agreement(
            version=term.version,
            changed_on=term.changed_on,
            rule=term.rule,
            inputs=term.inputs,
            agreed_on=today,
            reviewed_on=today,
            agreed_by=by or term.owners[team],
            effect=effect_of(term, team, newest, evidence),
            pull_request=evidence.pull_request,
            release=evidence.release,
            headline=evidence.headline,
        ),
        *before,
    ]


def effect_of(term: Term, team: str, newest: Agreement | None, evidence: Evidence) -> str:
    """What the signer says that the change does: nobody agrees to a change without a word of it."""
    if newest is None:
        return evidence.effect or FIRST
    if term.version < newest.version:
        raise WrongAgreement(
            f"{term.name}: version is {term.version} in {term.name}.yml, but {team} agreed to "
            f"{newest.version} already; raise it to {newest.version + 1}"
        )
    if evidence.no_number_moves:
        return NO_NUMBER_MOVES
    if term.version == newest.version:
        raise WrongAgreement(
            f"{term.name}: its rule changed, but its version is still {term.version}. If numbers "
            f"move, raise `version` and set `changed_on` in {term.name}.yml; if this is the same "
            "rule in other words, say so with --no-number-moves (`onefunnel impact` shows it)"
        )
    if not evidence.effect:
        raise WrongAgreement(
            f'{term.name}: say with --effect "…" in one line what version {term.version} does '
            "(`onefunnel impact` shows it), or --no-number-moves"
        )
    return evidence.effect


def acknowledged(
    term: Term, team: str, before: list[Agreement], evidence: Evidence
) -> list[Agreement]:
    """The agreements after a team took note that inputs changed below a rule that did not."""
    if not before or (before[0].rule, before[0].version) != (term.rule, term.version):
        raise WrongAgreement(
            f"{term.name}: its rule itself is not what {team} agreed to, so its inputs cannot be "
            f"acknowledged alone; run `onefunnel agree {term.name} --as {team}`"
        )
    return [
        replace(
            before[0],
            inputs=term.inputs,
            pull_request=evidence.pull_request or before[0].pull_request,
        ),
        *before[1:],
    ]
