"""One dbt build in the private file, told to Dagster asset by asset."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from onefunnel import dbt_manifest
from onefunnel.build_audit import audit, refusal, stamp_of
from onefunnel.home import Home
from onefunnel.private_warehouse import PrivateWarehouse
from orchestration.progress import tell

# Unit tests prove the SQL, not the data: `make test` runs them.
BUILD = ["build", "--exclude-resource-type", "unit_test"]


@dataclass
class Build:
    """A build of all models, or privately of some."""

    context: dg.AssetExecutionContext
    home: Home
    dbt: DbtCliResource
    events: list[Any] = field(default_factory=list)

    def run(self) -> Iterator[Any]:
        """Build, tell what became of each model and test, then stamp or fail."""
        warehouse = PrivateWarehouse(self.home)
        facts = warehouse.begun_by(self.context.run_id) or warehouse.reopen()
        failed = self.build()
        yield from self.with_row_counts(warehouse.row_counts())
        found = audit(
            dbt_manifest.read(self.home.manifest),
            dbt_manifest.read(self.home.dbt_target / "run_results.json"),
        )
        is_whole = self.is_full and facts.belongs_to(self.context.run_id)
        if is_whole and not failed and not found.problems:
            warehouse.stamp(stamp_of(facts, found))
        warehouse.unmark()
        if failed:
            raise refusal(found, failed, self.home)

    @property
    def is_full(self) -> bool:
        """Whether every model and every check is selected."""
        assets, context = self.context.assets_def, self.context
        models = set(assets.node_keys_by_output_name.values())
        checks = len(assets.node_check_specs_by_output_name)
        chosen = len(context.selected_asset_check_keys)
        return set(context.selected_asset_keys) == models and chosen == checks

    def build(self) -> str | None:
        """Run dbt; return what it said when it failed."""
        context = self.context
        invocation = self.dbt.cli(BUILD, context=context, target_path=self.home.dbt_target)
        expected = len(context.selected_asset_keys) + len(context.selected_asset_check_keys)
        try:
            for event in invocation.stream():
                self.events.append(event)
                name = getattr(event, "output_name", None) or getattr(event, "check_name", "")
                tell("build", str(name), len(self.events), expected)
        except DagsterDbtCliRuntimeError as error:
            return str(error)
        return None

    def with_row_counts(self, counts: dict[tuple[str, str], int]) -> Iterator[Any]:
        """The events, each model with its number of rows (known only when dbt has closed)."""
        for event in self.events:
            if isinstance(event, dg.Output):
                key = self.context.asset_key_for_output(event.output_name)
                rows = counts.get((key.path[0], key.path[-1]))
                known = {} if rows is None else {"dagster/row_count": rows}
                yield event.with_metadata({**event.metadata, **known})
            else:
                yield event
