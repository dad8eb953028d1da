"""What has to be built for a change: what differs, all that rests on it, and what these read.

Pure functions over two manifests and what data there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from review import changes, compiled
from review.changes import Manifest

# Without these there is nothing to compare.
NEEDED = ("definitions",)
# What else the report reads of what is built on the definitions.
READ = ("int_campaign", "int_metric_fact", "definition_clause", "run")


@dataclass(frozen=True)
class AtHand:
    """Which data there is beside the reviewer's copy: the build's own file, the landing."""

    private: bool = False
    landing: bool = False
    # Columns that the reviewer's copy lacks, by node.
    cut: Mapping[str, Iterable[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What to build. Ids are those of the changed project's manifest."""

    forbidden: tuple[str, ...] = ()
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cosmetic: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    uses_private: bool = False
    uses_landing: bool = False
    # Why it cannot be built from what is at hand; empty when it can.
    lacking: tuple[str, ...] = ()
    # What reads something that is not at hand and on which no definition rests.
    left_out: tuple[str, ...] = ()
    # Tables that the change reaches only through definitions: they move when these do.
    resting: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Plan:
        """Read what `to_json` wrote."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
        }
        return cls(**values)

    @property
    def has_work(self) -> bool:
        """Whether anything is to be built and may be."""
        return bool(self.build or self.tests) and not (self.forbidden or self.lacking)


def plan(base: Manifest, head: Manifest, at_hand: AtHand, is_whole: bool = True) -> Plan:
    """Decide what to build, or that it may not be built, or that it cannot be built here.

    Not whole: what rests on definitions alone and what the report does not read is left standing.
    """
    found = changes.compare(base, head)
    forbidden = [*compiled.in_manifest(base, head), *compiled.in_nodes(head, found.nodes)]
    if forbidden:
        return Plan(tuple(str(one) for one in dict.fromkeys(forbidden)))
    nodes = head["nodes"]
    below = changes.descendants(head, found.nodes)
    tests = {one for one in below if nodes[one]["resource_type"] == "test"}
    models = below - tests
    standing = set() if is_whole else resting(head, found.nodes, models)
    models -= standing
    tests = {one for one in tests if not standing & set(parents(nodes[one]))}
    uses_landing = any(changes.is_staging(nodes[one]) for one in models)
    lacking = {one for one in models if changes.is_staging(nodes[one]) and not at_hand.landing}
    uses_private, left_out = False, set[str]()
    if missing(head, models | tests, models, at_hand):
        if at_hand.private:
            uses_private = True
        elif at_hand.landing:
            models, uses_landing = with_parents(head, models, at_hand), True
        else:
            left_out = unreadable(head, models, at_hand)
            lacking |= {one for one in left_out if is_needed(nodes[one])}
    models -= left_out
    if not uses_private:
        left_out |= {
            one
            for one in tests
            if missing(head, [one], models, at_hand) or left_out & set(parents(nodes[one]))
        }
    return Plan(
        changed=dict(found.nodes),
        cosmetic=found.cosmetic,
        removed=found.removed,
        build=tuple(sorted(models)),
        tests=tuple(sorted(tests - left_out)),
        uses_private=uses_private,
        uses_landing=uses_landing,
        lacking=tuple(sorted(nodes[one]["name"] for one in lacking)),
        left_out=tuple(sorted(left_out)),
        resting=tuple(sorted(standing)),
    )


def resting(manifest: Manifest, changed: Iterable[str], below: set[str]) -> set[str]:
    """Tables below a change that it reaches only through definitions, and that nobody asks for.

    Whatever the change does to them it does through a definition, so they move when one of those
    moves, and the report, which reads the definitions, need not wait for them.
    """
    nodes = manifest["nodes"]
    asked = {one for one in below if is_needed(nodes[one]) or nodes[one]["name"] in READ}
    reached = changes.descendants(manifest, changed, through=lambda node: not is_needed(node))
    return below - reached - changes.ancestors(manifest, asked)


def is_needed(node: Mapping[str, Any]) -> bool:
    """Whether a node is a definition."""
    return node["resource_type"] == "model" and node["schema"] in NEEDED


def unreadable(manifest: Manifest, models: set[str], at_hand: AtHand) -> set[str]:
    """Models that read what is not at hand, and all that rests on them."""
    starts = {one for one in models if missing(manifest, [one], models, at_hand)}
    return changes.descendants(manifest, starts) & models


def parents(node: Mapping[str, Any]) -> list[str]:
    """What a node reads."""
    return node["depends_on"].get("nodes", [])


def missing(
    manifest: Manifest, readers: Iterable[str], built: Iterable[str], at_hand: AtHand
) -> set[str]:
    """What the readers read that neither the reviewer's copy holds nor is built."""
    chosen = set(built)
    return {
        parent
        for reader in readers
        for parent in changes.read_privately(manifest, reader, at_hand.cut)
        if parent not in chosen
    }


def with_parents(manifest: Manifest, models: set[str], at_hand: AtHand) -> set[str]:
    """The models and everything above them that must be built from the landing."""
    found = set(models)
    while absent := missing(manifest, found, found, at_hand):
        found |= absent
    return found
