"""How long the warehouse build takes at a hundred thousand and at a million people.

    python -m benchmarks.warehouse --home bench                # land, build, write the figures
    python -m benchmarks.warehouse --home bench --size 1m      # one size only
    python -m benchmarks.warehouse --home bench --size 1m --select int_touch

Measured are wall seconds, CPU seconds (user and system) and the largest memory of the dbt process
with everything that a run builds, data tests included. On a machine that others use too, CPU
seconds say more than wall seconds. Figures are added to `figures.json` in the home; `--plot` draws
them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from connectors.landing import Landing
from connectors.sandbox import sizes
from onefunnel import dbt_manifest
from onefunnel.config import DBT_PROJECT
from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse, RunFacts

AS_OF = datetime(2026, 6, 30, 12)
SHOWN = 25


def land(folder: Path, size: str) -> Home:
    """A home with a landing of this size; one that is there is used again."""
    home = Home(folder / size).create()
    note = home.root / "landed.json"
    if not note.is_file():
        started = time.monotonic()
        people, rows, _ = sizes.land(size, 1, Landing(home.landing))
        seconds = round(time.monotonic() - started, 1)
        note.write_text(json.dumps({"people": people, "rows": rows, "seconds": seconds}))
        print(f"{size}: landed {people:,} people in {rows:,} rows, {seconds} s")
    return home


def begin(home: Home) -> None:
    """A new private warehouse over the landing."""
    manifest = dbt_manifest.read(dbt_manifest.ensure(home))
    facts = RunFacts("benchmark", AS_OF, "benchmark", AS_OF, AS_OF)
    PrivateWarehouse(home).start_afresh(facts, [], [], dbt_manifest.required_columns(manifest))


def build(home: Home, select: list[str]) -> dict[str, float]:
    """Build as a run does, and measure the process."""
    command = [sys.executable, "-m", "orchestration.dbt_process", "build", "--quiet"]
    command += ["--exclude-resource-type", "unit_test", "--select", *(select or ["*"])]
    command += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    environment = {
        **os.environ,
        "ONEFUNNEL_WAREHOUSE": str(home.warehouse.absolute()),
        "DBT_TARGET_PATH": str(home.dbt_target.absolute()),
        "DBT_LOG_PATH": str(home.dbt_target.absolute()),
    }
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        print("the build failed", file=sys.stderr)
    return {
        "wall_seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1
        ),
        "memory_gb": round(after.ru_maxrss / 1024**2, 2),
        "warehouse_gb": round(home.warehouse.stat().st_size / 1024**3, 2),
    }


def slowest(home: Home) -> list[tuple[float, str]]:
    """Nodes of the last build by seconds, the slowest first."""
    results = json.loads((home.dbt_target / "run_results.json").read_text())["results"]
    found = [(one["execution_time"], one["unique_id"].split(".", 2)[-1]) for one in results]
    return sorted(found, reverse=True)


def measure(folder: Path, size: str, select: list[str]) -> dict[str, float]:
    """Land when needed, build, tell the slowest nodes."""
    home = land(folder, size)
    if not select:
        begin(home)
    figures = {**json.loads((home.root / "landed.json").read_text()), **build(home, select)}
    nodes = slowest(home)
    tests = sum(seconds for seconds, name in nodes if "test" in name.split("_")[0])
    print(f"{size}: {json.dumps(figures)}; {len(nodes)} nodes, tests {tests:.0f} s")
    for seconds, name in nodes[:SHOWN]:
        print(f"  {seconds:7.1f} s  {name}")
    return figures


def main() -> None:
    """Measure what is asked for, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True, help="folder for landings and builds")
    parser.add_argument("--size", choices=sizes.SIZES, action="append")
    parser.add_argument("--select", nargs="*", default=[], help="build these models again only")
    parser.add_argument("--plot", type=Path, help="draw the kept figures into this SVG")
    asked = parser.parse_args()
    asked.home.mkdir(parents=True, exist_ok=True)
    kept = asked.home / "figures.json"
    figures = json.loads(kept.read_text()) if kept.is_file() else {}
    for size in asked.size or ([] if asked.plot else ["demo", "100k", "1m"]):
        measured = measure(asked.home.absolute(), size, asked.select)
        if not asked.select:
            figures[size] = measured
            kept.write_text(json.dumps(figures, indent=1))
    if asked.plot:
        from benchmarks.plot import draw

        draw(figures, asked.plot)


if __name__ == "__main__":
    main()
