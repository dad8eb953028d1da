"""Run the pipeline, or a selection of it, through Dagster in this process."""

from __future__ import annotations

import contextlib
import io
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from onefunnel import exit_codes
from onefunnel.config import Config
from onefunnel.refusal import Refusal
from onefunnel.run_lock import run_lock

TEMPLATE = Path(__file__).with_name("dagster.yaml")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Outcome:
    """What a run did."""

    run_id: str
    rows_landed: int
    requests: int
    models: int
    checks_passed: int
    warnings: tuple[str, ...]
    not_permitted: tuple[str, ...] = ()


@contextmanager
def instance_of(config: Config) -> Iterator[dg.DagsterInstance]:
    """Dagster's storage in the home, with our settings; created once, under the run lock."""
    target = config.home.dagster / "dagster.yaml"
    if not target.is_file() or target.read_bytes() != TEMPLATE.read_bytes():
        draft = target.with_suffix(".part")
        shutil.copyfile(TEMPLATE, draft)
        draft.replace(target)
    with dg.DagsterInstance.get() as instance:
        yield instance


def set_up_instance(config: Config) -> None:
    """Create Dagster's storage and tidy up after killed runs, before several processes open it."""
    from orchestration.orphans import fail_orphaned_runs

    with run_lock(config.home, "set up"), instance_of(config) as instance:
        fail_orphaned_runs(instance)


def run_pipeline(
    config: Config,
    select: str | None,
    listener: Callable[[str, str, int, int | None], None],
    accept_shrink: Sequence[str] = (),
) -> Outcome:
    """Run everything, or a Dagster asset selection; raise what a person should read."""
    with run_lock(config.home, "onefunnel run"), instance_of(config) as instance:
        from orchestration import progress
        from orchestration.definitions import defs

        definitions = defs()
        keys = None
        if select:
            keys = sorted(selected(definitions, select), key=lambda key: key.to_user_string())
        progress.LISTENERS.append(listener)
        said = io.StringIO()
        run_id = str(uuid.uuid4())
        try:
            with contextlib.redirect_stdout(said):
                result = definitions.resolve_job_def("everything").execute_in_process(
                    instance=instance,
                    asset_selection=keys,
                    run_config=run_config(accept_shrink),
                    run_id=run_id,
                    raise_on_error=False,
                )
        finally:
            progress.LISTENERS.remove(listener)
        events = instance.all_logs(run_id)
    if not result.success:
        raise cause(events)
    return outcome(run_id, events)


def run_config(accept_shrink: Sequence[str]) -> dict[str, Any]:
    """The settings of one run; a step that was not asked for anything needs none."""
    if not accept_shrink:
        return QUIET
    return {**QUIET, "ops": {"extract": {"config": {"accept_shrink": list(accept_shrink)}}}}


def selected(definitions: dg.Definitions, select: str) -> set[dg.AssetKey]:
    """Resolve a selection as the UI writes it."""
    try:
        graph = definitions.resolve_asset_graph()
        keys = set(dg.AssetSelection.from_string(select).resolve(graph))
    except Exception as error:  # the parser of selections raises many kinds
        raise Refusal(
            f"--select {select!r} cannot be read: {str(error).splitlines()[0][:200]}",
            remedy='Write it as in the Dagster UI: key:"definitions/mql"+ or group:pages',
            exit_code=exit_codes.USAGE,
        ) from None
    if not keys:
        raise Refusal(
            f"--select {select!r} selects nothing",
            remedy='Names are as in the Dagster UI, for example key:"definitions/mql"',
            exit_code=exit_codes.USAGE,
        )
    return keys


def cause(events: Sequence[Any]) -> Refusal:
    """The first failed step's own words, else the run's."""
    for entry in events:
        event = entry.dagster_event
        if event is None or not event.is_step_failure:
            continue
        told = event.step_failure_data.user_failure_data
        if told and "exit_code" in (told.metadata or {}):
            values = {name: value.value for name, value in told.metadata.items()}
            remedy = "" if values["remedy"] == "-" else values["remedy"]
            return Refusal(values["problem"], remedy=remedy, exit_code=values["exit_code"])
        error = event.step_failure_data.error
        while error and error.cause:
            error = error.cause
        return Refusal(
            f"Step {event.step_key} failed ({error.cls_name if error else 'unknown'})",
            remedy="The Dagster UI (`onefunnel dev`) shows where",
        )
    return Refusal("The run failed before its first step", remedy="See `onefunnel dev`")


def outcome(run_id: str, events: Sequence[Any]) -> Outcome:
    """Count what the run's events say."""
    landed, requests, models, passed, warnings, denied = 0, 0, 0, 0, [], []
    for entry in events:
        event = entry.dagster_event
        if event is None:
            continue
        if event.is_step_materialization:
            metadata = event.step_materialization_data.materialization.metadata
            if "rows_landed" in metadata:
                landed += metadata["rows_landed"].value
                requests += metadata["requests"].value
                if metadata["status"].value == "not_permitted":
                    denied.append(metadata["message"].value)
            models += "unique_id" in metadata
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            check = event.asset_check_evaluation_data
            passed += check.passed
            if not check.passed:
                warnings.append(f"{check.asset_key.to_user_string()}: {check.check_name}")
    return Outcome(run_id, landed, requests, models, passed, tuple(warnings), tuple(denied))
