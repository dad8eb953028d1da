import os

import dagster as dg
import pytest

from connectors import CONNECTORS
from dashboards import site
from onefunnel.run_all import run_config

GROUPS = {
    "salesforce", "hubspot", "run", "seeds", "staging", "intermediate", "definitions", "marts",
    "copies", "pages", "release",
}  # fmt: skip


def test_there_is_one_asset_per_raw_object_and_per_page(graph):
    keys = {tuple(key.path) for key in graph.get_all_asset_keys()}
    assert {stream.asset_key for spec in CONNECTORS for stream in spec.streams} <= keys
    assert {("site", slug) for slug in site.page_slugs()} <= keys


def test_every_dependency_is_an_asset_that_something_makes(graph):
    made = {key for key in graph.get_all_asset_keys() if graph.get(key).is_executable}
    wrong = {
        (key.to_user_string(), parent.to_user_string())
        for key in graph.get_all_asset_keys()
        for parent in graph.get(key).parent_keys
        if parent not in made
    }
    assert wrong == set()
    assert made == set(graph.get_all_asset_keys())


def test_lineage_leads_from_both_sources_to_the_release(graph):
    selection = dg.AssetSelection.assets(dg.AssetKey(["release", "current"])).upstream()
    above = {tuple(key.path) for key in selection.resolve(graph)}
    for expected in (
        ("salesforce", "Lead"), ("hubspot", "contacts"), ("definitions", "mql"),
        ("marts", "metric_month"), ("site", "overview"), ("release", "published_warehouse"),
    ):  # fmt: skip
        assert expected in above


def test_groups_owners_kinds_and_descriptions_tell_the_story(graph):
    assert {graph.get(key).group_name for key in graph.get_all_asset_keys()} == GROUPS
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.owners, key
        assert node.kinds, key
        if node.group_name not in ("seeds", "intermediate", "marts"):
            assert node.description, key


def test_one_schedule_runs_everything_and_is_on(definitions, graph):
    (schedule,) = definitions.schedules
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    job = definitions.resolve_job_def("everything")
    assert set(job.asset_layer.executable_asset_keys) == set(graph.get_all_asset_keys())
    assert not definitions.sensors


def test_dbt_tests_and_our_own_are_checks(graph):
    names = {(tuple(key.asset_key.path), key.name) for key in graph.asset_check_keys}
    assert (("onefunnel", "run"), "hubspot_data_is_recent") in names
    assert (("release", "published_warehouse"), "every_value_is_mapped") in names
    assert any(path[0] == "definitions" for path, _ in names)


def materialise(definitions, *keys: str):
    return definitions.resolve_job_def("everything").execute_in_process(
        instance=dg.DagsterInstance.ephemeral(),
        asset_selection=[dg.AssetKey(key.split("/")) for key in keys],
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )


def said(result) -> str:
    failed = [event for event in result.all_events if event.is_step_failure]
    return failed[0].step_failure_data.user_failure_data.description


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (["definitions/mql"], "no complete private warehouse"),
        (["release/published_warehouse", "release/review_warehouse"], "not released"),
        (["site/overview"], "Nothing is published"),
        (["release/current"], "is not published"),
        (["salesforce/Lead"], "No credentials are set"),
    ],
)
def test_a_selection_that_cannot_be_whole_is_refused_and_publishes_nothing(definitions, keys, told):
    result = materialise(definitions, *keys)
    assert not result.success
    assert told in said(result)
    assert not os.path.lexists(os.path.join(os.environ["ONEFUNNEL_HOME"], "current"))


def test_an_accepted_shrink_is_a_setting_of_the_reading(definitions):
    job = definitions.resolve_job_def("everything")
    given = dg.validate_run_config(job, run_config(("salesforce/Lead",)))
    assert given["ops"]["extract"]["config"]["accept_shrink"] == ["salesforce/Lead"]
