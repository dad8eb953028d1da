"""How dbt's nodes appear in the asset graph, where dagster-dbt's defaults do not suffice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster_dbt import DagsterDbtTranslator


class Translator(DagsterDbtTranslator):
    """The defaults, with descriptions that a manager can read."""

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's own description, without the SQL that the default appends."""
        return dbt_resource_props.get("description") or ""
