"""The rule of today over the data of an earlier release: built beside the private warehouse.

The landing keeps every version of every record, so what an earlier run read can be read again. That
it is indeed the same is proved by its fingerprint; where it is not, nothing is claimed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.landing import Landing
from onefunnel import dbt_manifest
from onefunnel.config import DBT_PROJECT
from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse, RunFacts
from review.restatement import CannotSplit

MODELS = ("+int_metric_fact", "+int_metric_settled")


def known_at(landing: Landing) -> datetime | None:
    """The moment (source's clock) at which all that has landed by now was known."""
    return max((found.extracted_at for found in landing.all_manifests()), default=None)


@contextmanager
def rebuilt(home: Home, earlier: Mapping[str, Any], manifest: Mapping[str, Any]) -> Iterator[Path]:
    """A warehouse with the facts under the new rule as of the earlier run; gone afterwards."""
    landing = Landing(home.landing)
    then = datetime.fromisoformat(earlier["known_at"])
    if landing.fingerprint(then) != earlier["landing_fingerprint"]:
        raise CannotSplit(
            "the landing does not hold any more what was known then (records were erased, or it "
            "was read again from the start)"
        )
    place = Home(home.private / "restating")
    shutil.rmtree(place.root, ignore_errors=True)
    try:
        begin(place.create(), landing, then, earlier, manifest)
        for name in dbt_manifest.PARSED:
            place.dbt_target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(home.dbt_target / name, place.dbt_target / name)
        build(place)
        yield place.warehouse
    finally:
        shutil.rmtree(place.root, ignore_errors=True)


def begin(
    place: Home,
    landing: Landing,
    then: datetime,
    earlier: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> None:
    """Begin the file with the facts of the earlier run."""
    warehouse = PrivateWarehouse(place)
    warehouse.landing = landing
    facts = RunFacts(
        earlier["run_id"],
        datetime.fromisoformat(earlier["as_of"]),
        earlier["landing_fingerprint"],
        moment(earlier["salesforce_watermark"]),
        moment(earlier["hubspot_watermark"]),
    )
    required = dbt_manifest.required_columns(manifest)
    warehouse.start_afresh(facts, [], [], required, known_at=then)


def moment(text: str) -> datetime | None:
    """A time as the ledger writes it."""
    return None if text == "None" else datetime.fromisoformat(text)


def build(place: Home) -> None:
    """Let dbt build the facts; a new rule that fails on earlier data is no answer."""
    done = subprocess.run(
        [
            *dbt_manifest.DBT_COMMAND,
            *("--quiet", "build", "--select", *MODELS),
            *("--resource-type", "model", "--resource-type", "seed"),
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        ],
        env={
            **os.environ,
            "DBT_STARTED_BY": str(os.getpid()),
            "ONEFUNNEL_WAREHOUSE": str(place.warehouse),
            "DBT_TARGET_PATH": str(place.dbt_target),
            "DBT_LOG_PATH": str(place.dbt_target),
        },
        cwd=DBT_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise CannotSplit(
            f"the new rule cannot be computed over the earlier data ({said[-1][:120]})"
        )
