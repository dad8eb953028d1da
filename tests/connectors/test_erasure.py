"""A person who asks to be forgotten is: in every batch, for ever, and whatever stops the work."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from connectors import compaction, erasure, retention, tombstones
from connectors.erasure import Subject
from connectors.errors import WrongSettings
from connectors.landing import Landing
from connectors.retention import Retention
from tests.connectors.conftest import STREAMS, Crm, ago, contact, edge, iso, lead
from tests.connectors.test_landing import CONTACTS, START, land, row

ADA, KEY = "ada.canary@example.net", lead(3, "")["Id"]


def ada(crm: Crm) -> None:
    """One person in both CRMs, converted, merged, mentioned, with all that hangs on her."""
    add = crm.world.add
    converted = "003000000000003AAA"
    add("salesforce", "Lead", lead(3, ago(days=9), Email=ADA.title(), ConvertedContactId=converted))
    person = {"Id": converted, "LastName": "Canary", "Email": ADA, "IsDeleted": False}
    add("salesforce", "Contact", {**person, "SystemModstamp": ago(days=8)})
    for number, who in ((1, converted), (2, lead(4, "")["Id"])):
        text = f"spoke with {ADA} today"
        task = {"Id": f"00T{number:012d}AAA", "WhoId": who, "Description": text, "Subject": "Call"}
        add("salesforce", "Task", {**task, "SystemModstamp": ago(days=7), "IsDeleted": False})
    change = {"Id": "017000000000003AAA", "LeadId": KEY, "Field": "Email", "NewValue": ADA}
    add("salesforce", "LeadHistory", {**change, "CreatedDate": ago(days=7), "IsDeleted": False})
    add("hubspot", "contacts", contact(1003, ago(days=6), email=ADA, salesforceleadid=KEY))
    add("hubspot", "contacts", contact(1090, ago(days=6), hs_merged_object_ids="1091"))
    add("hubspot", "associations", edge("contacts", 1003, "companies", 511))
    stamp = int((crm.world.now - timedelta(days=5)).timestamp() * 1000)
    values = [{"name": "email", "value": ADA}]
    sent = {"formId": "f", "conversionId": "c1", "submittedAt": stamp, "values": values}
    add("hubspot", "form_submissions", sent)
    add("hubspot", "forms", {"id": "f", "name": "Form", "createdAt": ago(days=90)})
    event = {"id": "e1", "type": "OPEN", "created": ago(days=4), "recipient": ADA}
    add("hubspot", "email_events", event)
    add("hubspot", "lists", {"listId": "1", "name": "All", "updatedAt": ago(days=9)})
    for member in ("1003", "1004"):
        entry = {"listId": "1", "recordId": member, "membershipTimestamp": ago(days=5)}
        add("hubspot", "list_memberships", entry)
    crm.world.advance_to(crm.world.now)


def erase(landing: Landing, crm: Crm, subject: Subject) -> dict[str, int]:
    found = erasure.find(landing, subject)
    now = crm.world.now.replace(tzinfo=None)
    done = erasure.erase(landing, list(STREAMS.values()), found, now)
    return {f"{one.source}/{one.stream}": one.rows for one in done}


def holds(landing: Landing, *words: str) -> list[str]:
    """Where a word stands: rows as text of every stream, whatever column."""
    places = []
    with duckdb.connect() as con:
        landing.register(con, {})
        for source, stream in landing.streams():
            rows = con.execute(f'from raw_{source}."{stream.lower()}"').fetchall()
            places += [
                f"{source}/{stream}" for one in rows if any(w in str(one).lower() for w in words)
            ]
    return places


def test_a_person_is_erased_everywhere_and_does_not_come_back(crm: Crm, tmp_path: Path) -> None:
    ada(crm)
    crm.read()
    crm.later(hours=1)
    crm.world.add("hubspot", "contacts", contact(1003, iso(crm.world.now), email=ADA, city="X"))
    crm.read()
    landing = crm.landing()
    before = landing.fingerprint()
    done = erase(landing, crm, Subject(addresses={ADA}))
    assert done == {
        "hubspot/associations": 4,
        "hubspot/contacts": 2,
        "hubspot/contacts_history": 2,
        "hubspot/email_events": 1,
        "hubspot/form_submissions": 1,
        "hubspot/list_memberships": 1,
        "salesforce/Contact": 1,
        "salesforce/Lead": 1,
        "salesforce/LeadHistory": 1,
        "salesforce/Task": 2,
    }
    words = (ADA, KEY.lower(), "'1003'", "canary")
    assert holds(crm.landing(), *words) == []
    assert landing.fingerprint() != before
    crm.landing().verify()
    # Not in any file either, the batches that were replaced included.
    for path in (tmp_path / "landing").rglob("*"):
        if path.is_file() and path.name != tombstones.FILE:
            assert ADA.encode() not in path.read_bytes().lower()
    assert ADA not in (tmp_path / "landing" / tombstones.FILE).read_text()
    # Others keep what is theirs.
    assert len(crm.table("hubspot/contacts", "id")) == 30
    tasks = crm.table("salesforce/Task", '"Id", "Description", "Subject"')
    assert tasks == [("00T000000000002AAA", None, "Call")]
    members = crm.table("hubspot/list_memberships", '"recordId"')
    assert sorted(members, key=str) == [("1004",), (None,)]
    # The CRMs still show everything: a quiet run, a full pass, a first load of all.
    assert {one.rows for one in crm.read().values()} == {0}
    crm.later(days=29)
    crm.read()
    assert holds(crm.landing(), *words) == []
    assert {one.rows for one in crm.read().values()} == {0}
    # Whoever fills in a form again later has begun anew.
    stamp = int(crm.later(hours=1).timestamp() * 1000)
    values = [{"name": "email", "value": ADA}]
    again = {"formId": "f", "conversionId": "c2", "submittedAt": stamp, "values": values}
    crm.world.add("hubspot", "form_submissions", again)
    crm.later(days=1)
    crm.read("hubspot/contacts", "hubspot/forms", "hubspot/form_submissions")
    assert [row[0] for row in crm.table("hubspot/form_submissions", '"conversionId"')] == ["c2"]


def test_a_record_leads_to_all_records_of_the_same_person(crm: Crm) -> None:
    ada(crm)
    crm.read()
    for subject in (Subject(ids={"hubspot": {"1003"}}), Subject(addresses={ADA})):
        found = erasure.find(crm.landing(), subject)
        assert found.ids == {"salesforce": {KEY, "003000000000003AAA"}, "hubspot": {"1003"}}
        assert found.addresses == {ADA}
    assert erasure.find(crm.landing(), Subject(addresses={"no@one.net"})).ids == {}


def test_an_erasure_that_is_cut_off_is_finished_by_the_next_run(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada(crm)
    crm.read()
    rewrite, calls = compaction.rewrite, []

    def worst(*given: object, **named: object) -> object:
        calls.append(given)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return rewrite(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(erasure, "rewrite", worst)
    with pytest.raises(KeyboardInterrupt):
        erase(crm.landing(), crm, Subject(addresses={ADA}))
    monkeypatch.undo()
    again = crm.landing()
    assert holds(again, ADA)
    erasure.complete(again, list(STREAMS.values()))
    assert holds(crm.landing(), ADA) == []
    assert erasure.complete(again, list(STREAMS.values())) == []


def test_edges_that_were_true_before_do_not_come_to_life_again(crm: Crm) -> None:
    names = ("hubspot/contacts", "hubspot/companies", "hubspot/associations")
    crm.world.add("hubspot", "associations", edge("contacts", 1020, "companies", 511))
    crm.read(*names)
    crm.later(days=8)
    crm.world.purge("hubspot", "associations", "contacts:1020:companies:511")
    crm.world.add("hubspot", "associations", edge("contacts", 1003, "companies", 511))
    crm.read(*names)
    erase(crm.landing(), crm, Subject(ids={"hubspot": {"1003"}}))
    ends = '"fromObjectId", "toObjectId", _is_deleted'
    found = [row for row in crm.table("hubspot/associations", ends) if row[0] == "511"]
    assert ("511", None, True) in found
    assert not [row for row in found if row[1]]


def test_retention_leaves_what_is_true_and_says_how_far_back_it_goes(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    for day in range(1, 21):
        gone = day == 20
        land(landing, [row(1, f"v{day}", day), row(2, "same", 0, _is_deleted=gone)], day)
    limit = Retention(versions=timedelta(days=10))
    assert retention.apply(landing, [CONTACTS], limit, START + timedelta(days=20))
    with duckdb.connect() as con:
        landing.register(con, {}, known_at=START + timedelta(days=10))
        found = con.execute("select id, v from raw_hubspot.contacts order by id").fetchall()
        assert found == [("1", "v10"), ("2", "same")]
        with pytest.raises(WrongSettings, match="ONEFUNNEL_KEEP_VERSIONS_DAYS"):
            landing.register(con, {}, known_at=START + timedelta(days=9))
    assert retention.apply(landing, [CONTACTS], limit, START + timedelta(days=20)) == []
    landing.verify()
    # And a person whom the CRM deleted long ago.
    long = Retention(deleted_people=timedelta(days=100))
    assert retention.apply(landing, [CONTACTS], long, START + timedelta(days=119)) == []
    assert retention.apply(landing, [CONTACTS], long, START + timedelta(days=121))
    with duckdb.connect() as con:
        landing.register(con, {})
        assert con.execute("select distinct id from raw_hubspot.contacts").fetchall() == [("1",)]
