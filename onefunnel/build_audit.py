"""Judge a dbt build by its own record: may what it built be released?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onefunnel.home import Home
from onefunnel.private_warehouse import RunFacts, Stamp
from onefunnel.refusal import Refusal, storage_problem
from onefunnel.unmapped import unmapped_in_build

BUILT = ("model", "seed")
GOOD = {"success", "pass", "warn"}
# The test that stops a build in which a mapping knows too few of the CRMs' values.
MAPPED = "few_unmapped_values"


@dataclass(frozen=True)
class Audit:
    """What was built and tested; `problems` empty means that it is complete."""

    models: int
    tests_passed: int
    tests_warned: int
    problems: tuple[str, ...]
    # Tables of mapped values in which too many are unmapped.
    unmapped_in: tuple[str, ...] = ()


def audit(manifest: Mapping[str, Any], run_results: Mapping[str, Any]) -> Audit:
    """Compare what the project holds with what ran: nothing may be absent, skipped or failed."""
    status = {result["unique_id"]: result["status"] for result in run_results["results"]}
    models, passed, warned, problems, unmapped_in = 0, 0, 0, [], []
    for unique_id, node in manifest["nodes"].items():
        kind = node["resource_type"]
        if node["config"].get("materialized") == "ephemeral" or kind not in (*BUILT, "test"):
            continue
        said = status.get(unique_id, "not run")
        if said not in GOOD:
            problems.append(f"{kind} {node['name']}: {said}")
            if said == "fail" and (node.get("test_metadata") or {}).get("name") == MAPPED:
                unmapped_in.append(node["attached_node"].rsplit(".", 1)[-1])
        models += kind in BUILT
        passed += said == "pass"
        warned += kind == "test" and said == "warn"
    return Audit(models, passed, warned, tuple(problems), tuple(unmapped_in))


def stamp_of(facts: RunFacts, found: Audit) -> Stamp:
    """The proof of a complete build."""
    return Stamp(
        facts.run_id,
        facts.as_of,
        facts.landing_fingerprint,
        found.models,
        found.tests_passed,
        found.tests_warned,
    )


def refusal(found: Audit, said: str, home: Home) -> Refusal:
    """What failed, by name, and what to do."""
    values = unmapped_in_build(home.warehouse, found.unmapped_in) if found.unmapped_in else []
    if values:
        named = ", ".join(f"{v.mapping} {v.value!r} ({v.records:,} records)" for v in values[:5])
        return Refusal(
            f"The build is not released: too many values are in no mapping: {named}",
            remedy="Add them to the seeds in dbt_project/seeds/mappings "
            "(`onefunnel doctor --draft-mappings` proposes rows) and run again; the last release "
            "is still served",
        )
    failures = [p for p in found.problems if not p.endswith(("not run", "skipped"))]
    told = "; ".join(failures[:5]) or said.strip().splitlines()[-1][:300]
    return storage_problem(said, home.private) or Refusal(
        f"The build is not released: {told}",
        remedy=f"See the failed checks in the Dagster UI or {home.dbt_target}/dbt.log, correct "
        "the rule or the mapping, and run again; the last release is still served",
    )
