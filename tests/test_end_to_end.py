"""From both APIs to the published page, as a user runs it: again, later, and from scratch."""

import os
import re
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.sandbox.company import build
from connectors.sandbox.serve import start
from tests.running import SECRET, environment, onefunnel, run

pytestmark = pytest.mark.timeout(600)


def rows(release: Path, schemas: tuple[str, ...] = ("definitions", "marts")) -> dict[str, list]:
    """Every published table as sorted rows; what names the run itself is left out."""
    con = duckdb.connect(release / "published.duckdb", read_only=True)
    tables = con.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in (select unnest(?)) and table_name <> 'run' order by 1, 2",
        [list(schemas)],
    ).fetchall()
    found = {
        f"{schema}.{table}": sorted(
            con.execute(f'select * from {schema}."{table}"').fetchall(), key=repr
        )
        for schema, table in tables
    }
    con.close()
    return found


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A first run, a second with nothing new, a third a week later, one from scratch then."""
    base = tmp_path_factory.mktemp("story")
    sandbox = start(build("small", seed=7))
    home = base / "home"
    releases = {}
    try:
        for name in ("first", "again"):
            run(home, sandbox.url)
            releases[name] = (home / "current").resolve()
        sandbox.world.advance_to(sandbox.world.now + timedelta(days=7))
        run(home, sandbox.url)
        releases["week later"] = (home / "current").resolve()
        run(base / "scratch", sandbox.url)
        releases["scratch"] = (base / "scratch" / "current").resolve()
    finally:
        sandbox.stop()
    return {"home": home, "releases": releases}


def test_a_second_run_with_nothing_new_publishes_the_same_figures(story):
    first, again = (rows(story["releases"][name]) for name in ("first", "again"))
    differing = [name for name in first if first[name] != again.get(name)]
    assert [name for name in differing if name.startswith("definitions.")] == []
    figures = [name for name in differing if name != "marts.stream_freshness"]
    assert figures == []


def test_a_run_with_nothing_new_asks_at_most_three_times_an_object(story):
    con = duckdb.connect(story["releases"]["again"] / "published.duckdb", read_only=True)
    asked = con.execute(
        "select source, stream, requests, rows_landed from marts.stream_freshness "
        "where requests > 3 or rows_landed > 0"
    ).fetchall()
    con.close()
    assert asked == []


def test_a_run_a_week_later_equals_one_from_scratch(story):
    later, scratch = (rows(story["releases"][name]) for name in ("week later", "scratch"))
    for table in sorted(scratch):
        if table.startswith("definitions."):
            assert later[table] == scratch[table], table
    first = rows(story["releases"]["first"])
    assert first["definitions.mql"] != later["definitions.mql"], "a week must bring something"


def test_no_person_and_no_secret_leaves_landing_and_the_private_file(story):
    home = story["home"]
    published = [home / "ledger", home / "dagster", *story["releases"].values()]
    addresses = re.compile(rb"[\w.+-]+@(?!vendor\b)[\w-]+\.[a-z]{2,}", re.I)
    for folder in [home, *published]:
        for path in folder.rglob("*"):
            if not path.is_file():
                continue
            content = path.read_bytes()
            assert SECRET.encode() not in content, path
            relative = path.relative_to(home) if path.is_relative_to(home) else path
            if str(relative).startswith(("landing", "private")) or path.suffix in {".js", ".map"}:
                continue
            found = {hit for hit in addresses.findall(content) if b"example" not in hit.lower()}
            assert found == set(), (path, found)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ONEFUNNEL_AS_OF": "yesterday"}, "ONEFUNNEL_AS_OF"),
        ({"ONEFUNNEL_HOMES": "/x"}, "ONEFUNNEL_HOMES"),
        ({"SALESFORCE_URL": "http://127.0.0.1:9"}, "127.0.0.1:9"),
        ({"HUBSPOT_ACCESS_TOKEN": ""}, "HUBSPOT_ACCESS_TOKEN"),
    ],
)
def test_a_bad_setting_is_named_with_its_remedy_and_publishes_nothing(tmp_path, change, named):
    home = tmp_path / "home"
    settings = environment(home, "http://127.0.0.1:9") | change
    done = onefunnel("run", env=settings)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert named in said
    assert "Traceback" not in said
    assert SECRET not in said
    assert not os.path.lexists(home / "current")
