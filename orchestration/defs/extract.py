"""Both sources into the landing: one step, one selectable asset per raw object."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from pydantic import Field

from connectors.extract import LandResult, extract
from connectors.stream import Stream
from onefunnel import sources, stream_status
from onefunnel.tidy import tidied
from orchestration.failures import told
from orchestration.progress import tell
from orchestration.resources import Pipeline

STREAMS = sources.streams()


def spec_of(stream: Stream) -> dg.AssetSpec:
    """How a raw object shows in the asset graph."""
    return dg.AssetSpec(
        dg.AssetKey(list(stream.asset_key)),
        description=stream.table_doc,
        group_name=stream.source,
        owners=["team:data"],
        kinds={stream.source, "parquet"},
    )


def metadata_of(result: LandResult) -> dict[str, Any]:
    """What the reading of one object cost and brought."""
    metadata: dict[str, Any] = {
        "status": dg.MetadataValue.text(result.status),
        "rows_landed": dg.MetadataValue.int(result.rows),
        "dagster/row_count": dg.MetadataValue.int(result.total_rows),
        "requests": dg.MetadataValue.int(result.requests),
        "seconds": dg.MetadataValue.float(round(result.seconds, 3)),
        "window_start": dg.MetadataValue.text(str(result.window_start or "everything")),
        "watermark": dg.MetadataValue.text(str(result.window_end or "unknown")),
    }
    if result.message:
        metadata["message"] = dg.MetadataValue.text(result.message)
    return metadata


class Extraction(dg.Config):
    """accept_shrink: objects, as source/Object, that have indeed far fewer records now."""

    accept_shrink: list[str] = Field(default=[])


@dg.multi_asset(name="extract", specs=[spec_of(stream) for stream in STREAMS], can_subset=True)
def extract_and_land(
    context: dg.AssetExecutionContext, config: Extraction, pipeline: Pipeline
) -> Iterator[dg.MaterializeResult]:
    """Read what changed since the last run and land it, both sources at once."""
    home = pipeline.config.home
    selected = {(key.path[0], key.path[1]) for key in context.selected_asset_keys}
    shrunk = {key for key in selected if "/".join(key) in config.accept_shrink}
    results: list[LandResult] = []
    with told(home.landing):
        settings = pipeline.config.sources()
        wanted = [spec for spec in sources.specs() if any(of == spec.source for of, _ in selected)]
        connectors = [spec.connect(settings[spec.source]) for spec in wanted]

        def progress(source: str, stream: str, rows: int) -> None:
            tell("extract", f"{source}/{stream}: {rows:,} rows", len(results), len(selected))

        landing = tidied(pipeline.config)
        for result in extract(
            connectors, landing, select=selected, on_progress=progress, accept_shrink=shrunk
        ):
            results.append(result)
            stream_status.note(home, results)
            tell("extract", f"{result.source}/{result.stream}", len(results), len(selected))
            yield dg.MaterializeResult(
                asset_key=dg.AssetKey([result.source, result.stream]), metadata=metadata_of(result)
            )
