"""What differs between two versions of the project: what would run, not how it is written."""

import pytest

from review import changes, plan
from review.plan import AtHand


def model(name: str, sql: str, *parents: str, **more) -> dict:
    return {
        "resource_type": "model",
        "name": name,
        "fqn": ["onefunnel", more.pop("folder", "definitions"), name],
        "schema": more.pop("schema", "definitions"),
        "alias": more.pop("alias", name),
        "raw_code": more.pop("raw", sql),
        "compiled_code": sql,
        "config": {"materialized": "table", **more.pop("config", {})},
        "columns": more.pop("columns", {}),
        "depends_on": {"nodes": list(parents), "macros": []},
        "original_file_path": f"models/{name}.sql",
        "checksum": {"checksum": sql},
        **more,
    }


def manifest(**nodes: dict) -> dict:
    children: dict[str, list[str]] = {name: [] for name in nodes}
    for name, node in nodes.items():
        for parent in node["depends_on"]["nodes"]:
            children.setdefault(parent, []).append(name)
    return {"nodes": nodes, "child_map": children, "sources": {}, "macros": {}}


BASE = model("mql", 'select x from "warehouse"."seeds"."a" where x >= 50')


@pytest.mark.parametrize(
    ("head", "reasons"),
    [
        (model("mql", 'select x from "warehouse"."seeds"."a" where x >= 60'), ("sql",)),
        (
            model("mql", 'select x from "change"."seeds"."a" where x >= 60', raw=BASE["raw_code"]),
            ("sql", "from outside the file"),
        ),
        ({**BASE, "config": {"materialized": "view"}}, ("config materialized",)),
        ({**BASE, "columns": {"x": {"data_type": "bigint"}}}, ("columns",)),
    ],
)
def test_what_would_run_otherwise_is_a_change_with_its_reason(head, reasons):
    found = changes.compare(manifest(mql=BASE), manifest(mql=head))
    assert found.nodes == {"mql": reasons}
    assert found.cosmetic == ()


@pytest.mark.parametrize(
    "sql",
    [
        '-- a remark\nselect x\nfrom "warehouse"."seeds"."a"\nwhere x >= 50',
        'SELECT X FROM "change"."seeds"."a" WHERE X >= 50',
    ],
)
def test_a_remark_and_another_layout_are_no_change(sql):
    found = changes.compare(manifest(mql=BASE), manifest(mql=model("mql", sql)))
    assert found.nodes == {}
    assert found.cosmetic == ("mql",)


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({}, {"sal"}),
        ({"raw_code": "select 2"}, set()),
        ({"config": {"materialized": "view"}}, set()),
        ({"depends_on": {"nodes": [], "macros": []}}, set()),
    ],
)
def test_a_node_is_compiled_again_when_anything_that_it_is_made_of_differs(change, alike):
    sal = model("sal", "select 1", "person")
    person = model("person", "select 1", compiled_code=None)
    base, head = (manifest(person=person, sal=node) for node in (sal, {**sal, **change}))
    assert changes.run_alike(base, head) == alike


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"nodes": {"person": model("person", "select 1", alias="people")}},
        {"nodes": {"person": model("person", "select 1", config={"materialized": "ephemeral"})}},
        {"nodes": {"person": model("person", "select 1", raw="select {{ var('one') }}")}},
        {"macros": {"m": {"macro_sql": "{{ env_var('X') }}", "package_name": "onefunnel"}}},
        {"macros": {"m": {"macro_sql": "select 2", "package_name": "dbt"}}},
    ],
)
def test_all_is_compiled_again_when_what_many_read_differs(elsewhere):
    person, sal = model("person", "select 1"), model("sal", "select 1", "person")
    base = manifest(person=person, sal=sal)
    head = manifest(person=person, sal=sal)
    for part, found in elsewhere.items():
        head[part] = {**head[part], **found}
    assert "sal" not in changes.run_alike(base, head)


def test_new_and_removed_models_are_named():
    found = changes.compare(manifest(mql=BASE), manifest(sal=model("sal", "select 1")))
    assert found.nodes == {"sal": ("new",)}
    assert found.removed == ("mql",)


def staged(sal_sql: str) -> tuple[dict, dict]:
    def nodes(sql: str) -> dict:
        return manifest(
            stg=model("stg", "select 1", folder="staging", schema="staging"),
            person=model("person", "select 1", "stg", folder="intermediate", schema="intermediate"),
            mql=model("mql", sql, "person"),
            sal=model("sal", sal_sql, "mql", "person"),
            audit=model("audit", "select 1", "sal", "stg", folder="marts", schema="marts"),
        )

    return nodes("select 50"), nodes("select 60")


def test_only_what_rests_on_the_change_is_built():
    base, head = staged("select 1")
    found = plan.plan(base, head, AtHand(private=True))
    assert found.build == ("audit", "mql", "sal")
    assert found.uses_private, "audit reads staging"
    assert not found.lacking


def test_without_the_landing_what_reads_staging_is_left_out_by_name():
    found = plan.plan(*staged("select 1"), AtHand())
    assert found.build == ("mql", "sal")
    assert found.left_out == ("audit",)
    assert not found.lacking


def test_a_definition_that_reads_what_is_cut_cannot_be_tried_without_the_landing():
    base, head = staged("select title from person")
    cut = {"person": ["title"]}
    assert plan.plan(base, head, AtHand(cut=cut)).lacking == ("sal",)
    found = plan.plan(base, head, AtHand(landing=True, cut=cut))
    assert set(found.build) == {"stg", "person", "mql", "sal", "audit"}
    assert found.uses_landing


def test_what_the_change_reaches_only_through_definitions_is_left_standing():
    def nodes(rule: str, other: str) -> dict:
        made = {"folder": "intermediate", "schema": "intermediate"}
        mart = {"folder": "marts", "schema": "marts"}
        return manifest(
            signal=model("signal", other, **made),
            mql=model("mql", rule, "signal"),
            bridge=model("bridge", "select 1", "mql", **made),
            sal=model("sal", "select 1", "bridge"),
            slices=model("slices", "select 1", "sal", **mart),
            signals_shown=model("signals_shown", "select 1", "signal", "sal", **mart),
            int_metric_fact=model("int_metric_fact", "select 1", "sal", **made),
        )

    base = nodes("select 50", "select 1")
    of_rule = plan.plan(base, nodes("select 60", "select 1"), AtHand(), is_whole=False)
    assert of_rule.build == ("bridge", "int_metric_fact", "mql", "sal")
    assert of_rule.resting == ("signals_shown", "slices")
    # What reads the change itself may move though no definition does.
    of_signal = plan.plan(base, nodes("select 50", "select 2"), AtHand(), is_whole=False)
    assert of_signal.resting == ("slices",)
    assert "signals_shown" in of_signal.build
