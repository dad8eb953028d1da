"""Where each definition stands: agreed by both teams, stale, or not looked at for long.

Belongs here: comparing the working tree with what was signed, and saying who must do what. Not
here: the files (`agreements.py`), what a change does to the numbers (`impact`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from review.agreements import FOLDER, TEAMS, Agreement, Term, WrongAgreement, path_of, read
from review.fingerprint import definitions, fingerprints, tagged_to, upstream

# A rule that nobody looked at for so long is no agreement any more; a definition may say otherwise
# with `review_months` in its yml.
REVIEW_MONTHS = 6
DAYS_A_MONTH = 30.4


@dataclass(frozen=True)
class Standing:
    """One definition and one team."""

    term: Term
    team: str
    signed: Agreement | None
    review_months: int = REVIEW_MONTHS

    @property
    def owner(self) -> str:
        """Who speaks for the team."""
        return self.term.owners.get(self.team) or f"the {self.team} owner (none is named)"

    @property
    def command(self) -> str:
        """What the owner runs."""
        return f"onefunnel agree {self.term.name} --as {self.team}"

    @property
    def problem(self) -> str:
        """Why the rule is not agreed, and who must do what; empty when it is."""
        term, signed = self.term, self.signed
        if signed is None:
            return self.told("was never agreed to", self.command)
        if signed.rule != term.rule:
            what = (
                f"changed since {self.team} agreed (signed {signed.rule} as version "
                f"{signed.version} on {signed.agreed_on}, now {term.rule} as version "
                f"{term.version})"
            )
            return self.told(what, self.command + self.saying) + self.first
        if (signed.version, signed.changed_on) != (term.version, term.changed_on):
            what = (
                f"is version {term.version} of {term.changed_on} in its yml, but {self.team} "
                f"agreed to version {signed.version} of {signed.changed_on}"
            )
            return self.told(what, self.command + self.saying)
        return ""

    @property
    def is_raised(self) -> bool:
        """Whether the version is above the signed one."""
        return self.signed is not None and self.term.version > self.signed.version

    @property
    def saying(self) -> str:
        """How the command says what the change does."""
        return ' --effect "…"' if self.is_raised else " --no-number-moves"

    @property
    def first(self) -> str:
        """What comes before signing a rule that moves a number under the old version."""
        if self.is_raised:
            return ""
        return "; if a number moves, raise `version` and `changed_on` in its yml first"

    def told(self, what: str, command: str) -> str:
        """The message."""
        name = f"{FOLDER}/{self.term.name}.{self.team}.yml"
        return (
            f"{self.term.name} {what}. {self.owner} must look at `onefunnel impact`, run "
            f"`{command}` and commit dbt_project/{name}"
        )

    @property
    def is_agreed(self) -> bool:
        """Whether the team signed this very rule."""
        return not self.problem

    @property
    def inputs_changed(self) -> bool:
        """Whether something upstream differs from when the team last looked."""
        return self.signed is not None and self.signed.inputs != self.term.inputs

    @property
    def note(self) -> str:
        """What to do about changed inputs; empty when there are none."""
        if not self.inputs_changed or self.problem:
            return ""
        return (
            f"{self.term.name}: what feeds it changed since {self.team} agreed. If `onefunnel "
            f"impact` says that a number moves, {self.owner} must run `{self.command} --inputs`"
        )

    def is_overdue(self, today: date) -> bool:
        """Whether the team has not looked at it for longer than agreed."""
        return self.signed is not None and today - self.signed.reviewed_on > timedelta(
            days=self.review_months * DAYS_A_MONTH
        )

    def reminder(self, today: date) -> str:
        """Who should look at a rule again; empty when none is due."""
        if self.signed is None or not self.is_overdue(today):
            return ""
        return (
            f"{self.term.name} was last reviewed by {self.team} on {self.signed.reviewed_on}, more "
            f"than {self.review_months} months ago: {self.owner} should read it (`onefunnel "
            f"backtest {self.term.name}` gives evidence where there is any) and run "
            f"`{self.command}`"
        )


def remarks(found: Sequence[Standing], today: date) -> list[str]:
    """What does not stand against a merge, but should be looked at: a line per team and matter."""
    told = []
    for team in TEAMS:
        fed = [one for one in found if one.team == team and one.note]
        if len(fed) > 1:
            names = ", ".join(one.term.name for one in fed)
            told.append(
                f"what feeds {names} changed since {team} agreed. If `onefunnel impact` says that "
                f"a number moves, the owners must run `onefunnel agree --all --as {team} --inputs`"
            )
        told += [one.note for one in fed] if len(fed) == 1 else []
    return told + [one.reminder(today) for one in found if one.reminder(today)]


def terms(manifest: Mapping[str, Any], project: Path) -> dict[str, Term]:
    """What the working tree says of each definition."""
    found = fingerprints(manifest, project)
    return {
        name: Term(
            name,
            int(meta["version"]),
            date.fromisoformat(str(meta["changed_on"])),
            found[name].rule,
            found[name].inputs,
            meta.get("owners") or {},
        )
        for name, node in definitions(manifest).items()
        for meta in [node["config"]["meta"]]
    }


def standings(manifest: Mapping[str, Any], project: Path) -> list[Standing]:
    """Every definition and team."""
    nodes = definitions(manifest)
    found = []
    for name, term in terms(manifest, project).items():
        months = nodes[name]["config"]["meta"].get("review_months") or REVIEW_MONTHS
        for team in TEAMS:
            newest = next(iter(read(project, name, team)), None)
            found.append(Standing(term, team, newest, int(months)))
    return found


def problems(manifest: Mapping[str, Any], project: Path) -> list[str]:
    """Everything that stands against a merge, each with who must do what."""
    try:
        found = [one.problem for one in standings(manifest, project) if one.problem]
    except WrongAgreement as error:
        return [str(error)]
    known = {path_of(project, name, team) for name in definitions(manifest) for team in TEAMS}
    strays = sorted(set((project / FOLDER).glob("*.yml")) - known)
    return found + untagged(manifest) + [
        f"{path.name} agrees to a definition that does not exist: remove it" for path in strays
    ]  # fmt: skip


def untagged(manifest: Mapping[str, Any]) -> list[str]:
    """Seeds that feed a definition without being part of anyone's rule, and wrong tags."""
    known = definitions(manifest)
    feeding = {seed for node in known.values() for seed in upstream(manifest, node["unique_id"])}
    found = []
    for unique_id, node in sorted(manifest["nodes"].items()):
        if node["resource_type"] != "seed":
            continue
        tags = tagged_to(node)
        if unique_id in feeding and not tags:
            found.append(
                f"seed {node['name']} feeds a definition, but belongs to none: name one under "
                f"seeds.onefunnel.{node['fqn'][1]}.{node['name']} in dbt_project.yml (+meta: "
                "{definitions: […]}), so that a change of it needs an agreement"
            )
        found += [
            f"seed {node['name']} is tagged to {tag}, "
            + ("which does not read it" if tag in known else "which is no definition")
            + ": correct `definitions` in dbt_project.yml"
            for tag in tags
            if tag not in known or unique_id not in upstream(manifest, known[tag]["unique_id"])
        ]
    return found
