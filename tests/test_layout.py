"""The layout: what lives where, how long a file may be, what a definition must carry."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODELS = ROOT / "dbt_project" / "models"
PACKAGES = ["connectors", "dashboards", "onefunnel", "orchestration", "review"]
LIMITS = {"orchestration": 80, "dashboards/reports": 80, "connectors": 250}
DEFAULT_LIMIT = 300


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def limit(path: Path) -> int:
    relative = path.relative_to(ROOT).as_posix()
    if relative.startswith("connectors/sandbox/"):
        return DEFAULT_LIMIT
    return next((n for folder, n in LIMITS.items() if relative.startswith(folder)), DEFAULT_LIMIT)


def test_no_module_is_longer_than_its_limit():
    too_long = {
        str(path.relative_to(ROOT)): length
        for path in modules()
        if (length := len(path.read_text().splitlines())) > limit(path)
    }
    assert too_long == {}


def test_every_module_says_what_belongs_in_it():
    silent = [str(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_sources_are_read_only_in_staging():
    strays = [
        str(path.relative_to(ROOT))
        for path in MODELS.rglob("*.sql")
        if "source(" in path.read_text() and "staging" not in path.parts
    ]
    assert strays == []


@pytest.mark.parametrize("folder", ["definitions", "marts", "intermediate"])
def test_no_model_asks_the_clock_or_a_variable(folder):
    clock = re.compile(
        r"\b(current_date|current_timestamp|now\s*\(|today\s*\(|var\s*\(|env_var\s*\()", re.I
    )
    strays = {}
    for path in (MODELS / folder).rglob("*.sql"):
        code = re.sub(r"--[^\n]*|\{#.*?#\}", "", path.read_text(), flags=re.S)
        if found := clock.findall(code):
            strays[path.name] = found
    assert strays == {}


def test_reports_read_only_marts_and_definitions():
    strays = {}
    for path in (ROOT / "dashboards").rglob("*.py"):
        read = set(re.findall(r"\b(?:from|join)\s+(\w+)\.\w+", path.read_text()))
        read -= {"marts", "definitions", "dashboards", "plotly", "collections"}
        if found := {name for name in read if name in {"staging", "intermediate", "seeds"}}:
            strays[path.name] = found
    assert strays == {}


def reached(graph: dict, starts: list[str]) -> set[str]:
    """Everything that can be reached in one direction, the starts included."""
    found, waiting = set(), list(starts)
    while waiting:
        if (key := waiting.pop()) not in found:
            found.add(key)
            waiting += graph.get(key, [])
    return found


def test_figures_rest_on_the_funnels_definitions_without_staging_in_between(manifest):
    """Else a changed definition could not be tried where only the reviewer's copy is."""
    nodes = manifest["nodes"]
    figures = [key for key, node in nodes.items() if node["schema"] == "definitions"]
    figures += [f"model.onefunnel.{name}" for name in ("metric_slice", "metric_month", "funnel")]
    changed = [f"model.onefunnel.{name}" for name in ("icp", "mql", "opportunity")]
    between = reached(manifest["child_map"], changed) & reached(manifest["parent_map"], figures)
    strays = {
        nodes[key]["name"]: staging
        for key in between
        if (
            staging := [
                nodes[parent]["name"]
                for parent in nodes[key]["depends_on"]["nodes"]
                if parent in nodes and nodes[parent]["schema"] == "staging"
            ]
        )
    }
    assert strays == {}, "read an intermediate model (campaigns: int_campaign) instead"


def test_every_definition_has_owners_a_version_and_a_description_per_column(manifest):
    problems = []
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or node["schema"] != "definitions":
            continue
        meta = node["config"]["meta"]
        problems += [
            f"{node['name']}: {key} missing"
            for key in ("owners", "version", "changed_on", "title", "sentence")
            if not meta.get(key)
        ]
        if set(meta.get("owners", {})) != {"marketing", "sales"}:
            problems.append(f"{node['name']}: owners must be one of marketing and one of sales")
        problems += [
            f"{node['name']}.{column['name']}: no description"
            for column in node["columns"].values()
            if not column["description"]
        ]
        if not node["contract"]["enforced"]:
            problems.append(f"{node['name']}: contract not enforced")
    assert problems == []


def test_every_clause_of_a_definition_is_spoken_of_by_a_unit_test(manifest):
    spoken = {}
    for test in manifest["unit_tests"].values():
        words = f"{test['name']} {test['expect']['rows']}"
        spoken.setdefault(test["model"], []).append(words)
    missing = [
        f"{node['name']}.{column}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "definitions"
        for column in node["columns"]
        if column.startswith("c_") and not any(column in w for w in spoken.get(node["name"], []))
    ]
    assert missing == []


def test_every_command_in_the_readme_exists():
    from onefunnel.cli import COMMANDS

    readme = (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"\bmake ([a-z-]+)", readme)) - {"and"}
    assert named - targets == set()
    commands = set(re.findall(r"\bonefunnel ([a-z]+)", readme))
    assert commands - set(COMMANDS) == set()
