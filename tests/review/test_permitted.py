"""A change is refused by name before anything of it runs."""

import pytest

from onefunnel.config import DBT_PROJECT
from review import compiled, permitted
from tests.review.projects import edit

PROFILES = (DBT_PROJECT / "profiles.yml").read_bytes()


@pytest.fixture
def project(tmp_path):
    """The project's settings and folders, empty."""
    for folder in ("models/marts", "macros", "seeds/icp", "tests"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        (tmp_path / name).write_bytes((DBT_PROJECT / name).read_bytes())
    return tmp_path


def refused(project) -> list[str]:
    return [str(one) for one in permitted.in_files(project, PROFILES)]


def test_the_project_as_it_is_may_be_built():
    assert refused(DBT_PROJECT) == []


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("models/marts/leak.py", "def model(dbt, session): ...", "models/marts/leak.py: is Python"),
        ("macros/leak.py", "import os", "macros/leak.py: is Python"),
        ("packages.yml", "packages: []", "packages.yml: installs"),
        ("models/marts/leak.sh", "env", "models/marts/leak.sh: is no kind of file"),
        ("models/marts/a.sql", "select {{ env_var('DBT_ENV_SECRET_X') }}", "a.sql: uses env_var"),
        ("models/marts/a.sql", "select {{ var('threshold', 50) }}", "a.sql: uses var"),
        ("macros/a.sql", "{% macro a() %}{{ env_var('X') }}{% endmacro %}", "uses env_var"),
        ("models/marts/a.sql", "{% do run_query('select 1') %} select 1", "uses run_query"),
        ("models/marts/a.sql", "{% call statement('a') %}x{% endcall %}", "uses statement"),
        ("models/marts/a.sql", "select {{ dbt.current_timestamp() }}", "dbt.current_timestamp"),
        ("models/marts/a.sql", "{% do adapter.execute('x') %}", "uses adapter.execute"),
        ("models/marts/a.sql", "{{ adapter['execute']('x') }}", "uses adapter"),
        ("models/marts/a.sql", "{{ context['env_' ~ 'var']('X') }}", "uses context"),
        ("models/marts/a.sql", "{{ ref.__globals__ }}", "uses .__globals__"),
        ("models/marts/a.sql", "{{ modules.datetime }}", "uses modules"),
        ("models/marts/a.sql", "{{ config(pre_hook='x') }} select 1", "a.sql: sets pre_hook"),
        ("models/marts/a.sql", "{{ config({'post-hook': 'x'}) }} select 1", "other than named"),
        ("models/marts/a.sql", "{{ config(sql_header='x') }} select 1", "sets sql_header"),
        ("models/marts/a.yml", "models: [{name: a, config: {post-hook: x}}]", "sets post-hook"),
        ("models/marts/a.yml", "x: \"{{ env_var('X') }}\"", "a.yml: uses env_var"),
        ("macros/a.sql", "{% materialization a, default %}x{% endmaterialization %}", "material"),
        ("models/marts/a.sql", "{% snapshot a %}x{% endsnapshot %}", "snapshot"),
        ("models/marts/a.sql", "{% if %}", "a.sql: cannot be read"),
    ],
)
def test_a_file_is_refused_by_name(project, file, text, named):
    (project / file).write_text(text)
    said = refused(project)
    assert any(named in one for one in said), said


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("seeds:\n", "on-run-start: ['x']\nseeds:\n", "dbt_project.yml: sets on-run-start"),
        ("seeds:\n", "on-run-end: ['x']\nseeds:\n", "dbt_project.yml: sets on-run-end"),
        ("seeds:\n", "vars: {threshold: 50}\nseeds:\n", "dbt_project.yml: sets vars"),
        ("    marts:\n", "    marts:\n      +post-hook: x\n", "dbt_project.yml: sets post-hook"),
        ("macro-paths: [macros]", "macro-paths: [macros, /tmp]", "macro-paths is"),
    ],
)
def test_the_projects_settings_are_refused_by_name(project, old, new, named):
    edit(project, "dbt_project.yml", old, new)
    assert any(named in one for one in refused(project))


def test_a_profile_and_a_link_are_refused_by_name(project):
    edit(project, "profiles.yml", "threads: 2", "threads: 3")
    (project / "seeds" / "icp" / "taken.csv").symlink_to("/etc/passwd")
    assert {one.split(":")[0] for one in refused(project)} == {
        "profiles.yml",
        "seeds/icp/taken.csv",
    }


KNOWN = {("definitions", "mql")}


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select * from read_csv('/etc/passwd')", "calls read_csv()"),
        ("select * from read_parquet('https://x.example/y')", "calls read_parquet()"),
        ("select * from '/etc/passwd'", "reads '/etc/passwd'"),
        ('select * from "https://x.example/y.parquet"', "reads 'https://x.example/y.parquet'"),
        ("select * from definitions.mql, glob('*')", "calls glob()"),
        ("copy definitions.mql to 'out.csv'", "is no single select but copy"),
        ("select 1; attach 'x'", "is no single select but select, attach"),
        ("install httpfs", "is no single select but install"),
        ("pragma database_list", "is no single select but pragma"),
        ("set enable_external_access = true", "is no single select but set"),
        ("select 1) ; copy definitions.mql to 'x'; select (1", "cannot be read as SQL"),
        ("select getenv('DBT_ENV_SECRET_X')", "calls getenv()"),
        ("select (select content from read_text('/etc/passwd'))", "calls read_text()"),
        ("select * from query('select 1')", "calls query()"),
        ("select * from duckdb_secrets()", "calls duckdb_secrets()"),
        ("select * from information_schema.tables", "reads information_schema.tables"),
        ("select current_date", "reads the clock"),
        ("select now()", "reads the clock"),
    ],
)
def test_sql_that_reaches_outside_is_refused_by_name(sql, named):
    said = compiled.in_sql(sql, KNOWN)
    assert len(said) == 1
    assert named in said[0]


def test_sql_that_reads_our_tables_is_not_refused():
    sql = "with a as (select * from definitions.mql) select x from a, unnest([1, 2]) as t (x)"
    assert compiled.in_sql(sql, KNOWN) == []


def manifest(**node) -> dict:
    found = {"resource_type": "model", "original_file_path": "models/a.sql", "config": {}}
    found["config"] = {"materialized": "table"}
    return {"nodes": {"a": {**found, **node}}, "macros": {}}


@pytest.mark.parametrize(
    ("node", "named"),
    [
        ({"resource_type": "operation"}, "is a operation"),
        ({"language": "python"}, "is python"),
        ({"config": {"materialized": "table", "pre-hook": [{"sql": "x"}]}}, "has a pre-hook"),
        ({"config": {"materialized": "external"}}, "is materialized as external"),
    ],
)
def test_what_dbt_made_of_the_project_is_refused_by_name(node, named):
    said = [str(one) for one in compiled.in_manifest(manifest(), manifest(**node))]
    assert said == [f"models/a.sql: {named}"] or named in said[0]


def test_a_macro_that_overrides_dbts_own_is_refused_by_name():
    def macros(*found) -> dict:
        return {"nodes": {}, "macros": {str(n): one for n, one in enumerate(found)}}

    theirs = {"name": "create_table_as", "package_name": "dbt", "original_file_path": "x"}
    ours = {**theirs, "package_name": "onefunnel", "original_file_path": "macros/x.sql"}
    said = [str(one) for one in compiled.in_manifest(macros(theirs), macros(theirs, ours))]
    assert said == ["macros/x.sql: overrides dbt's own macro create_table_as"]
