"""The child process that compiles a proposed change and builds what it touches.

It is started in the work folder with an environment that holds no secret, reads `job.json` there,
and leaves `plan.json`, `done.json` and the manifest. All steps in one process, so that dbt is
loaded once. It ends itself when its parent is gone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from onefunnel import garbage
from onefunnel.dbt_events import tell_what_is_read
from onefunnel.with_parent import watch_parent
from review.building.locked_duckdb import ACCESS
from review.changes import BUILT, is_staging, run_alike
from review.plan import AtHand, Plan, plan

JOB, PLAN, DONE = "job.json", "plan.json", "done.json"
MANIFEST = "manifest.json"
TARGET = Path("target")
PROFILES = Path(__file__).parent
# Names under which the release's data are attached; views of the warehouse call it by this one.
RELEASED, PRIVATE = "released", "warehouse"


def main() -> None:
    """Compile, decide, build; how far it came is in `done.json`."""
    watch_parent(int(os.environ["STARTED_BY"]), lambda: os._exit(1))
    garbage.look_seldom()
    tell_what_is_read()
    job = json.loads(Path(JOB).read_bytes())
    base = json.loads(Path(job["base_manifest"]).read_bytes())
    started = time.monotonic()
    parsed, said = dbt(["parse"], job)
    if not said:
        bring_home(parsed, job["project"])
        said = compile_it(parsed, base, job)
    seconds = {"compile": time.monotonic() - started}
    if said:
        return finish("compile", said, seconds)
    # The build writes its own; this one is whole.
    head = json.loads(Path(MANIFEST).read_bytes())
    at_hand = AtHand(bool(job["private"]), bool(job["landing"]), job["cut"])
    decided = plan(base, head, at_hand, job["is_whole"])
    Path(PLAN).write_text(json.dumps(decided.to_json()), encoding="utf-8")
    if not decided.has_work:
        return finish("plan", "", seconds)
    prepare(job, decided, head, parsed)
    started = time.monotonic()
    said = dbt(build_command(decided, head), job, parsed)[1]
    seconds["build"] = time.monotonic() - started
    return finish("build", said, seconds)


def bring_home(parsed: Any, project: str) -> None:
    """Let seeds be read in this project: dbt keeps the folder in which it first parsed each.

    What it parsed is kept from one change to the next, and the folder of the first may be gone.
    """
    for node in parsed.nodes.values():
        if node.resource_type == "seed":
            node.root_path = project


def prepare(
    job: Mapping[str, Any], decided: Plan, manifest: Mapping[str, Any], parsed: Any
) -> None:
    """Say which files the engine may attach and read, and where unbuilt tables are."""
    attach = {RELEASED: job["released"]}
    folders = [str(Path(job["project"]) / "seeds"), os.getcwd()]
    if decided.uses_private:
        attach[PRIVATE] = job["private"]
    if decided.uses_landing:
        folders.append(job["landing"])
    Path(ACCESS).write_text(json.dumps({"attach": attach, "folders": folders}), encoding="utf-8")
    # What dbt's `--defer` does, without reading a second manifest. A view would name the files as
    # they are attached here, and not be read anywhere else.
    for unique_id, node in manifest["nodes"].items():
        if node["config"].get("materialized") == "view":
            parsed.nodes[unique_id].config.materialized = "table"
        if node["resource_type"] in BUILT and unique_id not in decided.build:
            whole = is_staging(node) or unique_id in job["cut"]
            place = PRIVATE if whole and decided.uses_private else RELEASED
            parsed.nodes[unique_id].database = place


def build_command(decided: Plan, manifest: Mapping[str, Any]) -> list[str]:
    """Build the plan; tables that are not in it are read from the release."""
    return [
        *("build", "--exclude-resource-type", "unit_test", "--no-populate-cache"),
        "--no-write-json",
        *selected(manifest, [*decided.build, *decided.tests]),
    ]


def compile_it(parsed: Any, base: Mapping[str, Any], job: Mapping[str, Any]) -> str:
    """Leave the manifest with all that runs compiled; what dbt said when it could not be.

    A change touches few of six hundred nodes: those that are seen to be as in the release have its
    SQL.
    """
    head = json.loads((TARGET / "manifest.json").read_bytes())
    alike = run_alike(base, head)
    others = [
        one
        for one, node in head["nodes"].items()
        if node["resource_type"] in ("model", "test") and one not in alike
    ]
    if others:
        # Each command gets a copy, since it changes what it is given.
        said = dbt(
            ["compile", "--no-introspect", "--no-populate-cache", *selected(head, others)],
            job,
            parsed.deepcopy(),
        )[1]
        if said:
            return said
        head = json.loads((TARGET / "manifest.json").read_bytes())
    for one in alike:
        head["nodes"][one]["compiled_code"] = base["nodes"][one]["compiled_code"]
    Path(MANIFEST).write_text(json.dumps(head), encoding="utf-8")
    return ""


def selected(manifest: Mapping[str, Any], ids: Iterable[str]) -> list[str]:
    """These nodes and no others, as dbt is told."""
    nodes = [manifest["nodes"][one] for one in ids]
    names = [
        node["name"] if node["resource_type"] == "test" else ".".join(node["fqn"]) for node in nodes
    ]
    return ["--indirect-selection", "empty", "--select", *names]


def dbt(arguments: Sequence[str], job: Mapping[str, Any], manifest: Any = None) -> tuple[Any, str]:
    """Run one command of dbt in this process: its result, and what it said when it failed."""
    from dbt.cli.main import dbtRunner

    places = ["--project-dir", job["project"], "--profiles-dir", str(PROFILES)]
    places += ["--target-path", str(TARGET.absolute()), "--log-path", str(TARGET.absolute())]
    done = dbtRunner(manifest).invoke(["--quiet", *arguments, *places])
    if done.success:
        return done.result, ""
    if done.exception:
        return None, str(done.exception)
    results: Any = done.result or ()
    bad = [one for one in results if str(one.status) in ("error", "fail")]
    return None, "\n".join(f"{one.node.name}: {one.message}" for one in bad) or "dbt failed"


def finish(step: str, said: str, seconds: Mapping[str, float]) -> None:
    """Say how far it came."""
    told = {"step": step, "said": said, "seconds": dict(seconds)}
    Path(DONE).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
    sys.exit(0)
