"""The private build: the run's facts, then every dbt model and test, then the audit stamp."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from onefunnel import dbt_manifest, drift, run_facts, seed_rows, sources, stream_status
from onefunnel.private_warehouse import PrivateWarehouse
from orchestration.build import Build
from orchestration.failures import told
from orchestration.lineage import Translator
from orchestration.resources import MANIFEST, ChildDbt, Pipeline
from review import ledger

FACTS = {
    "run": "Which run this is, as of when it judges, and from which landing.",
    "definition_version": "Versions, owners, fingerprint and agreements of each definition.",
    "stream_load": "When each raw object was last read, and how much of it landed.",
    "restatement": "Published figures that earlier releases moved, and why.",
}
RAW = [dg.AssetKey(list(stream.asset_key)) for stream in sources.streams()]


@dg.multi_asset(
    name="begin_build",
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["onefunnel", name]),
            deps=RAW,
            description=description,
            group_name="run",
            owners=["team:data"],
            kinds={"duckdb"},
        )
        for name, description in FACTS.items()
    ],
)
def begin_build(
    context: dg.AssetExecutionContext, pipeline: Pipeline
) -> Iterator[dg.MaterializeResult]:
    """Discard the private warehouse and begin a new one over what has landed."""
    config = pipeline.config
    with told(config.home.private):
        warehouse = PrivateWarehouse(config.home)
        # Parquet holds no checksum of its own: a flipped bit would silently be another number.
        warehouse.landing.verify()
        manifest = dbt_manifest.read(MANIFEST)
        seed_rows.require_sound(manifest)
        drift.require_fields(warehouse.landing, manifest, config.accepted_drift)
        facts = run_facts.run_facts(config, context.run_id)
        versions = run_facts.definition_versions(manifest)
        loads = run_facts.stream_loads(warehouse.landing, stream_status.known(config.home))
        required = dbt_manifest.required_columns(manifest)
        restated = ledger.restatements(config.home.ledger)
        warehouse.start_afresh(facts, versions, loads, required, restated)
    shown: dict[str, dict[str, Any]] = {
        "run": {name: str(value) for name, value in vars(facts).items()},
        "definition_version": {
            row.definition: row.fingerprint for row in versions if row.is_in_force
        },
        "stream_load": {"dagster/row_count": len(loads)},
        "restatement": {"releases": len(restated)},
    }
    for name, metadata in shown.items():
        yield dg.MaterializeResult(asset_key=dg.AssetKey(["onefunnel", name]), metadata=metadata)


@dbt_assets(name="build", manifest=MANIFEST, dagster_dbt_translator=Translator())
def build_models(
    context: dg.AssetExecutionContext, pipeline: Pipeline, dbt: ChildDbt
) -> Iterator[Any]:
    """Build and test in the private file; a complete build gets the stamp that a release needs."""
    with told(pipeline.config.home.private):
        yield from Build(context, pipeline.config.home, dbt).run()
