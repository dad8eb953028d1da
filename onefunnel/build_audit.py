"""Judge a dbt build by its own record: may what it built be released?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
