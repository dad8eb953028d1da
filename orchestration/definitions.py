"""The code location: everything in `defs/`, found by folder."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from orchestration.resources import PIPELINE, dbt_resource


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, the job and its schedule, with what they need."""
    found = dg.load_from_defs_folder(path_within_project=Path(__file__).parent / "defs")
    resources = dg.Definitions(
        resources={"pipeline": PIPELINE, "dbt": dbt_resource()},
        executor=dg.in_process_executor,
    )
    return dg.Definitions.merge(found, resources)
