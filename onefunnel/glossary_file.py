"""Write the glossary for people who read the repository: `docs/glossary.md`, from dbt's manifest.

Belongs here: its words and order. Not here: what a term means, which stands beside each model and
is shown on the page Definitions too. `make glossary` writes it; a test says whether it is current.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from onefunnel import dbt_manifest
from onefunnel.config import PROJECT_ROOT
from onefunnel.home import Home

FILE = PROJECT_ROOT / "docs" / "glossary.md"
# In the order of the funnel; others follow by name.
ORDER = ("lead", "person_record", "icp", "mql", "sal", "rejection", "follow_up", "opportunity",
         "pipeline_source", "pipeline_influence", "win")  # fmt: skip
HEAD = """# Glossary

Every term, figure and public table, as the definitions in force say. It is written by `make
glossary` from the descriptions beside the models in `dbt_project/models/`: change it there. The
page Definitions shows the same with counts, agreements and the SQL.
"""


def text(manifest: Mapping[str, Any]) -> str:
    """The whole file."""
    models = {
        schema: {
            node["name"]: node
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and node["schema"] == schema
        }
        for schema in ("definitions", "marts")
    }
    lines = [
        HEAD,
        "## Terms\n",
        *terms(models["definitions"]),
        "## Shared figures\n",
        "| Figure | Meaning | Rests on |",
        "|---|---|---|",
        *figures(models["marts"]["metric_slice"]["config"]["meta"]["metrics"]),
        "",
        "## Behind the figures\n",
        "| By category | Meaning | Rests on |",
        "|---|---|---|",
        *figures(models["marts"]["breakdown_slice"]["config"]["meta"]["breakdowns"]),
        "",
        "## Public tables\n",
        "In `published.duckdb` of a release, opened read-only. No names, addresses or free text.\n",
        *(line for schema in models for line in tables(schema, models[schema])),
    ]
    return "\n".join(lines).rstrip() + "\n"


def terms(definitions: Mapping[str, Any]) -> Iterator[str]:
    """One paragraph and its clauses a definition."""
    names = [name for name in ORDER if name in definitions]
    for name in names + sorted(set(definitions) - set(names)):
        node = definitions[name]
        meta = node["config"]["meta"]
        owners = meta["owners"]
        yield f"### {meta['title']}\n"
        yield f"{plain(meta['sentence'])}\n"
        yield (
            f"Version {meta['version']} since {meta['changed_on']}. Owners: {owners['marketing']} "
            f"and {owners['sales']}. Table `definitions.{name}`.\n"
        )
        clauses = {key: column for key, column in node["columns"].items() if key.startswith("c_")}
        for key, column in clauses.items():
            yield f"- `{key}`: {plain(column['description'])}"
        if clauses:
            yield ""


def figures(described: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """One line a figure."""
    for slug, one in described.items():
        yield f"| {one['title']} (`{slug}`) | {plain(one['sentence'])} | `{one['definition']}` |"


def tables(schema: str, models: Mapping[str, Any]) -> Iterator[str]:
    """Each public table with what every column says."""
    for name in sorted(models):
        node = models[name]
        yield f"### `{schema}.{node['alias']}`\n"
        yield f"{plain(node['description'])}\n"
        yield "| Column | Type | Meaning |"
        yield "|---|---|---|"
        for column in node["columns"].values():
            said = plain(column["description"])
            yield f"| `{column['name']}` | {column['data_type']} | {said} |"
        yield ""


def plain(description: str) -> str:
    """A description as one line that cannot end a cell."""
    return " ".join(description.split()).replace("|", "\\|")


def write() -> Path:
    """Parse the project as it stands and write the file."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = dbt_manifest.read(dbt_manifest.ensure(Home(Path(folder)).create()))
    FILE.write_text(text(manifest), encoding="utf-8")
    return FILE


if __name__ == "__main__":
    print(f"wrote {write()}")
