import duckdb
import pytest

from dashboards import publish
from onefunnel.home import Home
from onefunnel.personal_values import own_words, personal_values
from onefunnel.private_warehouse import PrivateWarehouse


def model(schema, table, *personal):
    columns = {name: {"name": name, "meta": {"personal": True}} for name in personal}
    return {
        "resource_type": "model", "schema": schema, "alias": table, "columns": columns,
        "description": "The win rate of both teams",
    }  # fmt: skip


MANIFEST = {
    "nodes": {
        "lead": model("staging", "lead", "first_name", "last_name", "email", "title", "form"),
        "user": model("staging", "user", "full_name"),
        "gone": model("staging", "gone", "email"),
        "win": model("definitions", "win"),
    }
}


@pytest.fixture
def warehouse(tmp_path):
    warehouse = PrivateWarehouse(Home(tmp_path / "home").create())
    with duckdb.connect(str(warehouse.path)) as con:
        con.execute("create schema staging")
        con.execute(
            "create table staging.lead as select * from (values "
            "('Jane', ' Doe ', 'Jane.Doe@customer.com', 'Sales Manager', '{\"a\":\"x@y.com\"}'), "
            "('Jane', 'Doe', null, 'Sales Manager', null), "
            "('Li', 'Wu', 'l@w.eu', null, null), "
            "(null, 'Unknown', 'not an address', null, null), "
            "('Win', 'Rate', null, null, null)) as t(first_name, last_name, email, title, form)"
        )
        con.execute("create table staging.user as select 'Integration' as full_name")
    return warehouse


def test_addresses_and_full_names_are_found_with_their_column(warehouse):
    assert personal_values(warehouse, MANIFEST) == {
        "jane doe": "staging.lead.last_name",
        "win rate": "staging.lead.last_name",
        "jane.doe@customer.com": "staging.lead.email",
        "l@w.eu": "staging.lead.email",
    }


def test_a_lead_with_the_name_of_a_figure_does_not_stop_a_release(warehouse, tmp_path):
    values, ours = personal_values(warehouse, MANIFEST), own_words(MANIFEST)
    (tmp_path / "overview.html").write_text("<p>Win rate</p>")
    assert "marked personal" not in str(publish.check_site(tmp_path, values, ours))
    (tmp_path / "overview.html").write_text("<p>Jane Doe</p>")
    with pytest.raises(publish.SiteUnfit, match=r"overview\.html: .*lead\.last_name") as caught:
        publish.require_fit(tmp_path, values, ours)
    assert "jane" not in str(caught.value).lower()
