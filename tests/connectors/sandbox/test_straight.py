"""What is landed straight from memory is what the connectors land over HTTP, row for row."""

import duckdb
import pytest

from connectors import CONNECTORS
from connectors.extract import extract
from connectors.landing import Landing
from connectors.sandbox import company, straight
from connectors.sandbox.serve import start
from onefunnel import config
from tests.running import environment


@pytest.fixture
def landings(tmp_path, monkeypatch):
    """One company landed both ways."""
    world = company.build("small", 3)
    served, direct = Landing(tmp_path / "served"), Landing(tmp_path / "direct")
    straight.land(world, direct)
    sandbox = start(world)
    try:
        for name, value in environment(tmp_path, sandbox.url).items():
            monkeypatch.setenv(name, value)
        found = config.load()
        pairs = zip(CONNECTORS, (found.salesforce, found.hubspot), strict=True)
        list(extract([spec.connect(settings) for spec, settings in pairs], served))
    finally:
        sandbox.stop()
    return served, direct


def text(landing: Landing, asset_key: tuple[str, str], columns: list[str]) -> str:
    """Rows as they are compared: bulk CSV ends a time with Z and cannot tell null from empty."""
    shown = [f"""replace(nullif("{name}", ''), '.000+0000', '.000Z')""" for name in columns]
    files = [str(path) for path in landing.files(*asset_key)]
    return (
        f"select {', '.join(shown)}, _batch_id, _extracted_at, _source_modified_at, _is_deleted "
        f"from read_parquet({files}, union_by_name = true)"
    )


def test_landing_straight_gives_the_rows_of_the_connectors(landings):
    served, direct = landings
    con = duckdb.connect()
    compared = 0
    for asset_key in served.streams():
        columns = sorted(served.columns(*asset_key))
        assert columns == sorted(direct.columns(*asset_key)), asset_key
        theirs, ours = served.state(*asset_key), direct.state(*asset_key)
        assert (theirs.fields, theirs.window_end) == (ours.fields, ours.window_end), asset_key
        assert theirs.rows == ours.rows, asset_key
        if ours.rows:
            there, here = text(served, asset_key, columns), text(direct, asset_key, columns)
            differing = con.execute(f"from ({there}) except all from ({here})").fetchall()
            assert differing == [], asset_key
            compared += ours.rows
    assert compared > 5_000
