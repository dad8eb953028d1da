"""Judge a dbt build by its own record: may what it built be released?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onefunnel.home import Home
from onefunnel.private_warehouse import RunFacts, Stamp
from onefunnel.refusal import Refusal, storage_problem

BUILT = ("model", "seed")
GOOD = {"success", "pass", "warn"}


@dataclass(frozen=True)
class Audit:
    """What was built and tested; `problems` empty means that it is complete."""

    models: int
    tests_passed: int
    tests_warned: int
    problems: tuple[str, ...]


def audit(manifest: Mapping[str, Any], run_results: Mapping[str, Any]) -> Audit:
    """Compare what the project holds with what ran: nothing may be absent, skipped or failed."""
    status = {result["unique_id"]: result["status"] for result in run_results["results"]}
    models, passed, warned, problems = 0, 0, 0, []
    for unique_id, node in manifest["nodes"].items():
        kind = node["resource_type"]
        if node["config"].get("materialized") == "ephemeral" or kind not in (*BUILT, "test"):
            continue
        said = status.get(unique_id, "not run")
        if said not in GOOD:
            problems.append(f"{kind} {node['name']}: {said}")
        models += kind in BUILT
        passed += said == "pass"
        warned += kind == "test" and said == "warn"
    return Audit(models, passed, warned, tuple(problems))


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
    failures = [problem for problem in found.problems if not problem.endswith("not run")]
    told = "; ".join(failures[:5]) or said.strip().splitlines()[-1][:300]
    return storage_problem(said, home.private) or Refusal(
        f"The build is not released: {told}",
        remedy=f"See the failed checks in the Dagster UI or {home.dbt_target}/dbt.log, correct "
        "the rule or the mapping, and run again; the last release is still served",
    )
