"""What a proposed change may not contain, refused by name before anything of it runs.

A pull request is code execution. A definition needs `ref`, our own macros and plain SQL, so only
these are allowed: what is not known is refused. The engine is locked besides (`building/`).
Belongs here: reading files and manifests. Not here: running anything of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import jinja2.ext
import yaml
from jinja2 import meta, nodes

FOLDERS = ("models", "seeds", "macros", "tests")
ENDINGS = {
    "models": {".sql", ".yml", ".md"},
    "seeds": {".csv", ".yml"},
    "macros": {".sql", ".yml"},
    "tests": {".sql", ".yml"},
}
PATHS = {
    "model-paths": ["models"],
    "seed-paths": ["seeds"],
    "test-paths": ["tests"],
    "macro-paths": ["macros"],
}
# Both build plain values only; the one in C is ten times faster.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
INSTALLS = ("packages.yml", "dependencies.yml", "package-lock.yml", "selectors.yml")
# Names that a template may use besides macros of the project.
JINJA = {"ref", "source", "config", "return", "this", "target", "model", "loop", "range"}
JINJA |= {"namespace", "dbt", "adapter", "exceptions", "execute", "doc", "none", "caller"}
# How a metric of the semantic layer names what it filters by.
JINJA |= {"Dimension", "TimeDimension", "Entity", "Metric"}
ADAPTER = {"dispatch"}
DBT = {
    "any_value", "bool_or", "cast", "cast_bool_to_text", "concat", "date_spine", "date_trunc",
    "dateadd", "datediff", "escape_single_quotes", "except", "generate_series", "hash",
    "intersect", "last_day", "length", "listagg", "position", "replace", "right", "safe_cast",
    "split_part", "string_literal", "type_bigint", "type_boolean", "type_float", "type_int",
    "type_numeric", "type_string", "type_timestamp",
}  # fmt: skip
SETTINGS = re.compile(
    r"^\+?(pre[-_]hook|post[-_]hook|sql_header|on-run-start|on-run-end|vars|packages|dispatch|"
    r"external_location|plugin|location|unique_key|incremental_strategy)$"
)


@dataclass(frozen=True)
class Forbidden:
    """One thing that is refused: the file, and what is in it."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


class DbtTags(jinja2.ext.Extension):
    """Read dbt's own blocks (`{% test %}` and so on) as blocks of a known name."""

    tags = {"test", "data_test", "snapshot", "materialization", "docs"}  # noqa: RUF012

    def parse(self, parser: Any) -> nodes.Node:
        """A test is a macro for our purpose; what else dbt knows is named and refused."""
        kind = next(parser.stream)
        if kind.value in ("test", "data_test"):
            found = nodes.Macro(lineno=kind.lineno)
            found.name = "test_" + parser.parse_assign_target(name_only=True).name
            parser.parse_signature(found)
            found.body = parser.parse_statements((f"name:end{kind.value}",), drop_needle=True)
            return found
        while parser.stream.current.type != "block_end":
            next(parser.stream)
        body = parser.parse_statements((f"name:end{kind.value}",), drop_needle=True)
        name = nodes.Name(f"{{% {kind.value} %}}", "load", lineno=kind.lineno)
        return nodes.CallBlock(nodes.Call(name, [], [], None, None), [], [], body).set_lineno(
            kind.lineno
        )


ENVIRONMENT = jinja2.Environment(extensions=[DbtTags, "jinja2.ext.do"])


def in_files(project: Path, profiles: bytes) -> list[Forbidden]:
    """Everything that the project's files may not hold. Nothing is executed."""
    found = [*in_project_file(project)]
    found += [
        Forbidden(name, "installs foreign code or selects by a file of its own")
        for name in INSTALLS
        if (project / name).exists()
    ]
    if (project / "profiles.yml").read_bytes() != profiles:
        found.append(Forbidden("profiles.yml", "is changed: it decides what dbt may open"))
    texts: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            name = path.relative_to(project).as_posix()
            if path.is_symlink():
                found.append(Forbidden(name, "is a symbolic link"))
            elif path.is_file() and path.suffix == ".py":
                found.append(Forbidden(name, "is Python: a model is SQL"))
            elif path.is_file() and path.suffix not in ENDINGS[folder]:
                found.append(Forbidden(name, f"is no kind of file that belongs in {folder}/"))
            elif path.is_file() and path.suffix in (".sql", ".yml"):
                texts[name] = path.read_text(encoding="utf-8", errors="replace")
    macros = {name for text in texts.values() for name in macro_names(text)}
    for name, text in texts.items():
        found += in_template(name, text, macros)
        if name.endswith(".yml"):
            found += in_settings(name, text)
    return found


def in_project_file(project: Path) -> Iterator[Forbidden]:
    """What `dbt_project.yml` says: known folders, no hooks, no variables."""
    name = "dbt_project.yml"
    text = (project / name).read_text(encoding="utf-8")
    yield from in_settings(name, text)
    yield from in_template(name, text, set())
    told = yaml.load(text, Loader=LOADER) or {}
    for key, wanted in PATHS.items():
        if told.get(key, wanted) != wanted:
            yield Forbidden(name, f"{key} is {told[key]}")
    for key in ("analysis-paths", "snapshot-paths", "function-paths", "asset-paths"):
        if told.get(key):
            yield Forbidden(name, f"{key} is given")


def in_settings(file: str, text: str) -> Iterator[Forbidden]:
    """Hooks and their like, wherever YAML lets them stand."""
    try:
        told = yaml.load(text, Loader=LOADER)  # a safe loader
    except yaml.YAMLError:
        yield Forbidden(file, "cannot be read as YAML")
        return
    for key in keys_of(told):
        if SETTINGS.match(key):
            yield Forbidden(file, f"sets {key.lstrip('+')}")


def keys_of(value: Any) -> Iterator[str]:
    """All keys of nested YAML; what a unit test gives as rows is data."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            if key not in ("given", "expect", "columns"):
                yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


def in_template(file: str, text: str, macros: Iterable[str]) -> Iterator[Forbidden]:
    """Names that a template uses and that a definition does not need."""
    if "{{" not in text and "{%" not in text:
        return
    try:
        tree = ENVIRONMENT.parse(text)
    except jinja2.TemplateError as error:
        yield Forbidden(file, f"cannot be read: {str(error)[:120]}")
        return
    allowed = JINJA | set(macros)
    for name in sorted(meta.find_undeclared_variables(tree) - allowed):
        yield Forbidden(file, f"uses {name}")
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name in ("dbt", "adapter"):
            wanted = DBT if part.node.name == "dbt" else ADAPTER
            if part.attr not in wanted:
                yield Forbidden(file, f"uses {part.node.name}.{part.attr}")
        if part.attr.startswith("_"):
            yield Forbidden(file, f"uses .{part.attr}")
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.node, nodes.Name) and item.node.name in ("dbt", "adapter"):
            yield Forbidden(file, f"uses {item.node.name}[…]")
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "config":
            yield from in_config(file, call)


def in_config(file: str, call: nodes.Call) -> Iterator[Forbidden]:
    """Hooks that are given inside a model."""
    if call.args or call.dyn_args or call.dyn_kwargs:
        yield Forbidden(file, "gives config() something other than named settings")
    for setting in call.kwargs:
        if SETTINGS.match(setting.key):
            yield Forbidden(file, f"sets {setting.key}")


def macro_names(text: str) -> set[str]:
    """Macros that a file defines."""
    return set(re.findall(r"\{%-?\s*macro\s+(\w+)", text))
