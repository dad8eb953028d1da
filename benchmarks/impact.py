"""How long the effect of a change takes against a full rebuild, at any size.

    ONEFUNNEL_HOME=bench onefunnel sandbox land --size 1m
    python -m benchmarks.impact --home bench --build            # build, release, then the changes
    python -m benchmarks.impact --home bench                    # again, over what was built

The full rebuild is what a run does in dbt, tests included; the effect is all of `onefunnel impact`
but the start of the command: compile, build what differs, test it, compare, count. Wall and CPU
seconds are of these processes; on a machine that others use too, CPU says more. Figures are added
to `impact.json` in the home.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from onefunnel import dbt_manifest, published_copy
from onefunnel.config import DBT_PROJECT
from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse, RunFacts
from review.building import side
from review.effect import report

AS_OF = datetime(2026, 6, 30, 12)
CHANGES = {
    "threshold": ("models/definitions/mql.sql", "50 as minimum_score", "60 as minimum_score"),
    "industry": ("seeds/icp/icp_industry.csv", "Software\n", ""),
    "signal": (
        "seeds/scoring/score_points.csv",
        "E-mail click,email_click,,5,,",
        "E-mail click,email_click,,5,,\nBlog,page_view,/blog,20,,",
    ),
    "deadline": ("seeds/calendar/service_level.csv", "decide,score,5", "decide,score,1"),
    "source": (
        "seeds/mappings/source_mapping.csv",
        "hubspot,ORGANIC_SEARCH,,Organic search,Organic search,marketing",
        "hubspot,ORGANIC_SEARCH,,Partner,Partner,partner",
    ),
}


def measured(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What it gave, and its wall and CPU seconds with those of its children."""

    def cpu() -> float:
        kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))

    before, started = cpu(), time.monotonic()
    found = work()
    wall = time.monotonic() - started
    return found, {"wall": round(wall, 1), "cpu": round(cpu() - before, 1)}


def full_build(home: Home, project: Path) -> None:
    """Build everything in a new private warehouse, as a run does."""
    manifest = dbt_manifest.read(dbt_manifest.ensure(home))
    facts = RunFacts("benchmark", AS_OF, "benchmark", AS_OF, AS_OF)
    PrivateWarehouse(home).start_afresh(facts, [], [], dbt_manifest.required_columns(manifest))
    places = ("--project-dir", str(project), "--profiles-dir", str(project))
    subprocess.run(
        [*dbt_manifest.DBT_COMMAND, "--quiet", "build", "--exclude-resource-type", "unit_test",
         *places],
        env={**os.environ, "ONEFUNNEL_WAREHOUSE": str(home.warehouse),
             "DBT_TARGET_PATH": str(home.dbt_target), "DBT_LOG_PATH": str(home.dbt_target)},
        check=False,
    )  # fmt: skip


def release(warehouse: Path, manifest: Path, folder: Path) -> side.Snapshot:
    """The reviewer's copy, as a release holds it."""
    folder.mkdir(exist_ok=True)
    shutil.copyfile(manifest, folder / "manifest.json")
    if not (folder / "review.duckdb").is_file():
        told = dbt_manifest.read(manifest)
        published_copy.copy_review(warehouse, folder / "review.duckdb", told)
    return side.Snapshot(folder, warehouse, None)


def effect(snapshot: side.Snapshot, project: Path, work: Path) -> tuple[side.Side, dict[str, Any]]:
    """The effect of a change, as the command computes it."""
    built = side.build(project, snapshot, work, is_whole=False)
    if built.failures:
        sys.exit("\n".join(built.failures))
    base = json.loads(snapshot.manifest.read_bytes())
    return built, report.report(snapshot, built, project, None, None, base)[0]


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True, help="a home with a landing")
    parser.add_argument("--build", action="store_true", help="build and measure the whole first")
    parser.add_argument("--project", type=Path, default=DBT_PROJECT, help="what it was built by")
    parser.add_argument("--change", choices=CHANGES, action="append", help="these only")
    asked = parser.parse_args()
    home, folder = Home(asked.home.absolute()), asked.home.absolute() / "impact"
    folder.mkdir(exist_ok=True)
    kept = folder / "impact.json"
    figures = json.loads(kept.read_text()) if kept.is_file() else {}
    if asked.build:
        shutil.rmtree(folder / "release", ignore_errors=True)
        _, figures["full"] = measured(lambda: full_build(home, asked.project))
        print("full rebuild", figures["full"])
    snapshot = release(home.warehouse, home.dbt_target / "manifest.json", folder / "release")
    for name in asked.change or CHANGES:
        file, old, new = CHANGES[name]
        project = folder / name
        shutil.rmtree(project, ignore_errors=True)
        shutil.copytree(asked.project, project, ignore=shutil.ignore_patterns("target", "logs"))
        text = (project / file).read_text()
        (project / file).write_text(text.replace(old, new))
        (built, told), seconds = measured(
            lambda project=project: effect(snapshot, project, folder / "work")
        )
        figures[name] = {**seconds, **built.seconds, "tables": len(built.plan.build)}
        whole = figures.get("full", {}).get("wall")
        share = f"{seconds['wall'] / whole:.0%} of a full rebuild" if whole else ""
        print(name, figures[name], told["verdict"], share)
        kept.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
