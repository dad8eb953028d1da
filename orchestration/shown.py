"""What the Dagster UI shows of a step: numbers, a table of rows, a small picture of a chart."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from onefunnel import published_copy

# A longer picture is cut by the UI.
SVG_LIMIT = 8_000


def table_metadata(counts: Mapping[published_copy.Table, int], path: Path) -> dict[str, Any]:
    """What a copy holds."""
    lines = [f"| {schema}.{table} | {rows:,} |" for (schema, table), rows in counts.items()]
    return {
        "tables": len(counts),
        "dagster/row_count": sum(counts.values()),
        "bytes": os.path.getsize(path),
        "rows": dg.MetadataValue.md("\n".join(["| table | rows |", "|---|---|", *lines])),
    }


def page_metadata(report: Any) -> dict[str, Any]:
    """What a page holds, with a small picture of its chart."""
    metadata: dict[str, Any] = {"figures": report.figures, "slices": report.slices}
    picture = getattr(report, "svg", None)
    if picture and len(picture) <= SVG_LIMIT:
        data = base64.b64encode(picture.encode()).decode()
        metadata["chart"] = dg.MetadataValue.md(f"![chart](data:image/svg+xml;base64,{data})")
    return metadata


def keys_in(schemas: Iterable[str], assets: dg.AssetsDefinition) -> list[dg.AssetKey]:
    """The models of these schemas, as what a release depends on."""
    wanted = set(schemas)
    keys = [key for key in assets.keys if key.path[0] in wanted]
    return sorted(keys, key=lambda key: key.to_user_string())
