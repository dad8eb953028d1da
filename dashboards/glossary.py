"""What each number means, who owns it and how it is tested: read from dbt's own artifacts.

Belongs here: turning `manifest.json` and `run_results.json` into words for pages. The meaning
itself stays where it is agreed, in the yml files beside the models.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dashboards import formats


@dataclass(frozen=True)
class Metric:
    """A figure of the pages."""

    slug: str
    title: str
    sentence: str
    definition: str
    unit: str
    noun: str
    better: str
    target: str = ""
    gaps: tuple[str, ...] = ()
    # Another figure that its tile shows beside it, and the word for that one.
    beside: str = ""
    beside_word: str = ""


@dataclass(frozen=True)
class Check:
    """A test of the build and what it said."""

    name: str
    about: str
    status: str
    failures: int
    severity: str

    @property
    def words(self) -> str:
        """The name as a sentence, without the table that stands beside it."""
        name = self.name.rstrip("_").removesuffix(f"_{self.about}")
        return name.replace("__", " · ").replace("_", " ")


@dataclass(frozen=True)
class Definition:
    """A shared definition as its yml describes it."""

    name: str
    title: str
    sentence: str
    description: str
    owners: Mapping[str, str]
    version: int
    changed_on: str
    sql: str
    columns: tuple[tuple[str, str, str], ...]
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Glossary:
    """Everything that pages say about numbers."""

    metrics: Mapping[str, Metric]
    definitions: Mapping[str, Definition]
    checks: tuple[Check, ...]
    tables: Mapping[str, str]
    breakdowns: Mapping[str, Metric] = field(default_factory=dict)

    def about(self, slug: str) -> Metric:
        """What a figure or a breakdown means."""
        return self.metrics.get(slug) or self.breakdowns[slug]


def read(manifest: Path, run_results: Path | None) -> Glossary:
    """Read dbt's artifacts; without run results the tests are listed as not run."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))
    results: dict[str, Any] = {}
    if run_results and run_results.is_file():
        found = json.loads(run_results.read_text(encoding="utf-8"))["results"]
        results = {result["unique_id"]: result for result in found}
    models = [node for node in nodes["nodes"].values() if node["resource_type"] == "model"]
    unit_tests = list(nodes.get("unit_tests", {}).values())
    metrics = {
        slug: _metric(slug, given)
        for model in models
        for slug, given in _meta(model).get("metrics", {}).items()
    }
    breakdowns = {
        slug: _metric(slug, given, "breakdown_slice.yml (config.meta.breakdowns)")
        for model in models
        for slug, given in _meta(model).get("breakdowns", {}).items()
    }
    definitions = {
        model["name"]: _definition(model, unit_tests)
        for model in models
        if model["schema"] == "definitions"
    }
    tests = [node for node in nodes["nodes"].values() if node["resource_type"] == "test"]
    checks = [_check(node, results) for node in [*tests, *unit_tests]]
    tables = {
        model.get("alias") or model["name"]: model["description"]
        for model in models
        if model["schema"] == "marts"
    }
    return Glossary(metrics, definitions, tuple(checks), tables, breakdowns)


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    return node.get("config", {}).get("meta") or {}


def _metric(
    slug: str,
    given: Mapping[str, Any],
    place: str = "metric_slice.yml (config.meta.metrics)",
) -> Metric:
    missing = [key for key in ("title", "sentence", "definition", "unit") if not given.get(key)]
    if missing:
        raise ValueError(
            f"{slug}: {', '.join(missing)} missing in dbt_project/models/marts/{place}; add it "
            "there"
        )
    return Metric(
        slug, given["title"], given["sentence"].strip(), given["definition"], given["unit"],
        given.get("noun", ""), given.get("better", "none"),
        given.get("target", ""), tuple(given.get("gaps", ())),
        given.get("beside", ""), given.get("beside_word", ""),
    )  # fmt: skip


def _definition(model: Mapping[str, Any], unit_tests: list[Mapping[str, Any]]) -> Definition:
    meta = _meta(model)
    cases = sorted(test["name"] for test in unit_tests if test.get("model") == model["name"])
    return Definition(
        name=model["name"],
        title=meta.get("title") or model["name"].replace("_", " ").capitalize(),
        sentence=(meta.get("sentence") or "").strip(),
        description=model["description"],
        owners=meta.get("owners") or {},
        version=int(meta.get("version") or 1),
        changed_on=_day(meta.get("changed_on")),
        sql=model.get("raw_code", ""),
        columns=tuple(
            (column["name"], column.get("data_type") or "", column["description"])
            for column in model["columns"].values()
        ),
        cases=tuple(cases),
    )


def _check(node: Mapping[str, Any], results: Mapping[str, Any]) -> Check:
    result = results.get(node["unique_id"], {})
    about = node.get("model") or node.get("attached_node") or ""
    return Check(
        name=node["name"],
        about=about.split(".")[-1],
        status=result.get("status") or "not run",
        failures=int(result.get("failures") or 0),
        severity=str(node.get("config", {}).get("severity", "error")).lower(),
    )


def _day(given: object) -> str:
    """A day of a yml as pages write it; anything else as it stands there."""
    try:
        return formats.day(date.fromisoformat(str(given)))
    except ValueError:
        return str(given or "")
