"""A big company made of copies: every copy is whole, and no two share a person or a record."""

import duckdb
import pytest

from connectors import CONNECTORS
from connectors.landing import Landing
from connectors.sandbox import company, sizes, straight, tiles
from connectors.sandbox.company.ids import _check
from tests.running import environment, onefunnel

COPIES = 3


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    """Views of one company (schemas one_*) and of its copies (raw_*)."""
    folder = tmp_path_factory.mktemp("tiles")
    base, landing = Landing(folder / "base"), Landing(folder / "landing")
    world = company.build("small", 1)
    straight.land(world, base)
    tiles.tile(base, landing, COPIES, world.now)
    landing.verify()
    con = duckdb.connect()
    landing.register(con, {})
    for source in ("salesforce", "hubspot"):
        con.execute(f"create schema one_{source}")
        for stream in (one.name for spec in CONNECTORS for one in spec.streams):
            files = [str(path) for path in base.files(source, stream)]
            if files:
                rows = f"read_parquet({files}, union_by_name = true)"
                con.execute(f'create view one_{source}."{stream.lower()}" as select * from {rows}')
    return con


def number(con, query: str) -> int:
    return con.execute(query).fetchall()[0][0]


@pytest.mark.parametrize("source", ["salesforce", "hubspot"])
def test_what_is_the_companys_is_copied_and_the_rest_is_common(con, source):
    copied = {name.lower() for name in tiles.COPIED[source]}
    for (view,) in con.execute(
        "select view_name from duckdb_views() where schema_name = ?", [f"one_{source}"]
    ).fetchall():
        one, all_of_it = (
            number(con, f'select count(*) from {side}_{source}."{view}"') for side in ("one", "raw")
        )
        assert all_of_it == one * (COPIES if view in copied else 1), view


def test_every_record_has_an_id_of_its_own(con):
    for source, streams in tiles.COPIED.items():
        key = "Id" if source == "salesforce" else "id"
        for stream in (name.lower() for name in streams):
            if stream in ("associations", "form_submissions") or stream.endswith("s_history"):
                continue
            query = f'select count(*) - count(distinct "{key}") from raw_{source}."{stream}"'
            assert number(con, query) == 0, stream
    query = "select count(*) - count(distinct conversionId) from raw_hubspot.form_submissions"
    assert number(con, query) == 0


def test_salesforce_ids_keep_their_check_characters(con):
    for (record_id,) in con.execute("select Id from raw_salesforce.lead").fetchall():
        parts = (record_id[:5], record_id[5:10], record_id[10:15])
        assert record_id[15:] == "".join(map(_check, parts))


@pytest.mark.parametrize(
    ("start", "column", "end", "key"),
    [
        ("salesforce.lead", "ConvertedContactId", "salesforce.contact", "Id"),
        ("salesforce.lead", "ConvertedOpportunityId", "salesforce.opportunity", "Id"),
        ("salesforce.lead", "OwnerId", "salesforce.user", "Id"),
        ("salesforce.contact", "AccountId", "salesforce.account", "Id"),
        ("salesforce.task", "WhatId", "salesforce.opportunity", "Id"),
        ("salesforce.leadhistory", "LeadId", "salesforce.lead", "Id"),
        ("hubspot.contacts", "salesforceleadid", "salesforce.lead", "Id"),
        ("hubspot.contacts", "associatedcompanyid", "hubspot.companies", "id"),
        ("hubspot.deals", "salesforceopportunityid", "salesforce.opportunity", "Id"),
        ("hubspot.contacts_history", "id", "hubspot.contacts", "id"),
        ("hubspot.email_events", "recipient", "hubspot.contacts", "email"),
        ("hubspot.form_submissions", "email", "hubspot.contacts", "email"),
    ],
)
def test_references_lead_to_the_same_copy(con, start, column, end, key):
    """As many references find their record as in the one company, for every copy."""
    join = f"inner join {{0}}_{end} as target on lower(source.{column}) = lower(target.{key})"
    found = [
        number(con, f"select count(*) from {side}_{start} as source {join.format(side)}")
        for side in ("one", "raw")
    ]
    assert found[0] > 0
    assert found[1] == found[0] * COPIES


def test_no_two_copies_share_an_address_and_common_domains_stay(con):
    emails = "select lower(email) as email from {}_hubspot.contacts"
    assert (
        number(con, f"select count(*) - count(distinct email) from ({emails.format('raw')})") == 0
    )
    domain = "split_part(email, '@', 2)"
    for common in ("%gmail.com", "test.com", "cloudfern.example", "%partners.example"):
        counts = [
            number(
                con,
                f"select count(*) from ({emails.format(side)}) where {domain} like '{common}'",
            )
            for side in ("one", "raw")
        ]
        assert counts[1] == counts[0] * COPIES, common


def test_a_company_is_landed_by_the_command_line_once(tmp_path):
    env = environment(tmp_path / "home")
    landed = onefunnel("sandbox", "land", "--size", "small", env=env)
    assert landed.returncode == 0, landed.stderr
    assert "Landed 218 people" in landed.stdout
    again = onefunnel("sandbox", "land", "--size", "small", env=env)
    assert again.returncode == 2
    assert "has a landing already" in again.stderr


def test_an_unknown_size_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"'huge'.*small, demo, 100k, 1m"):
        sizes.land("huge", 1, Landing(tmp_path))
