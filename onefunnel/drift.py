"""Fields that a CRM removed, hid or retyped, and the definitions that would be wrong by it.

A field that is gone reads as empty from then on, one of another kind may no longer be readable:
neither may become a number that looks like any other, so the build refuses, naming both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from connectors.landing import Landing
from connectors.manifest import Manifest
from onefunnel.dbt_manifest import required_columns
from onefunnel.refusal import Refusal

# Kinds within which a change of type changes nothing for us.
KINDS = {
    "number": {"double", "currency", "int", "integer", "long", "percent", "number"},
    "time": {"datetime", "date_time"},
    "date": {"date"},
    "truth": {"boolean", "bool"},
}


def require_fields(
    landing: Landing, manifest: Mapping[str, Any], accepted: Collection[str]
) -> None:
    """Refuse when a field that a definition uses is gone or has become something else."""
    problems = []
    for source, streams in required_columns(manifest).items():
        for stream, columns in streams.items():
            state = landing.state(source, stream)
            if state is None or not state.fields:
                continue
            for field in columns:
                what = change(state, field)
                if what and f"{source}/{stream}/{field}" not in accepted:
                    users = definitions_using(manifest, source, stream, field)
                    if users:
                        names = ", ".join(users)
                        problems.append(f"{source}/{stream}/{field} {what}; used by {names}")
    if problems:
        raise Refusal(
            "Fields that definitions use have changed in the CRM:\n"
            + "\n".join(f"  - {problem}" for problem in problems),
            remedy="Bring the field back (or show it to the integration user), or map another one "
            "in dbt_project/models/staging, or accept it as it is now: "
            "ONEFUNNEL_ACCEPT_DRIFT=" + ",".join(one.split(" ")[0] for one in problems),
        )


def change(state: Manifest, field: str) -> str:
    """How a field differs now from what it was when it was first seen; empty when it does not."""
    history = [one for one in state.drifts if one.field.lower() == field.lower()]
    if not history:
        return ""
    first = next((one.was for one in history if one.was), "")
    now = {name.lower(): kind for name, kind in state.fields.items()}.get(field.lower(), "")
    if first and not now:
        return "was removed or hidden"
    if first and kind_of(first) != kind_of(now):
        return f"was {first}, is {now}"
    return ""


def kind_of(vendor_type: str) -> str:
    """What a vendor's type is, as far as we read it; text in all other cases."""
    return next((kind for kind, types in KINDS.items() if vendor_type.lower() in types), "text")


def definitions_using(
    manifest: Mapping[str, Any], source: str, stream: str, field: str
) -> list[str]:
    """Definitions that a raw field reaches by the names that it goes by from staging on.

    Where its name is lost on the way (a column of several sources), the nearest definitions below
    the staging model that reads it. None when no model reads it.
    """
    start = next(
        (
            key
            for key, node in manifest["sources"].items()
            if (node["source_name"], node["name"]) == (source, stream)
        ),
        "",
    )
    readers = [
        key
        for key in manifest["child_map"].get(start, ())
        if mentions(manifest["nodes"].get(key), {field})
    ]
    return reached(manifest, readers, {field}) or reached(manifest, readers, None)


def reached(manifest: Mapping[str, Any], readers: list[str], names: set[str] | None) -> list[str]:
    """Definitions below some models, through models that mention a name, or through any."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [(key, names) for key in readers]
    while waiting:
        key, known = waiting.pop()
        node = manifest["nodes"].get(key)
        if node is None or key in seen or not mentions(node, known):
            continue
        seen.add(key)
        if node["schema"] == "definitions":
            found.add(node["name"])
            if known is None:
                continue
        following = known and known | aliases(node["raw_code"], known)
        waiting += [(child, following) for child in manifest["child_map"].get(key, ())]
    return sorted(found)


def mentions(node: Mapping[str, Any] | None, names: set[str] | None) -> bool:
    """Whether a model's text has one of these names."""
    if node is None or node["resource_type"] != "model":
        return False
    return names is None or any(
        re.search(rf"\b{re.escape(name)}\b", node["raw_code"]) for name in names
    )


def aliases(code: str, names: Collection[str]) -> set[str]:
    """What columns are renamed to: `{{ as_text('Status') }} as status`."""
    return {
        alias
        for name in names
        for alias in re.findall(rf"\b{re.escape(name)}\b['\"]?\)?(?: *}}}})? as (\w+)", code)
    }
