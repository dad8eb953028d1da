"""What is asked of the vendors, and how answers become rows: pure functions."""

from datetime import datetime

import pytest

from connectors.drift import drifts
from connectors.errors import QuotaExhausted
from connectors.hubspot import records
from connectors.hubspot.endpoints import path_of
from connectors.hubspot.streams import CRM_OBJECT
from connectors.rate_limit import RateLimiter, server_time
from connectors.salesforce import soql
from connectors.settings import Patience
from connectors.stream import Window

WINDOW = Window(
    datetime(2026, 6, 30, 11, 50), datetime(2026, 6, 30, 12), datetime(2026, 6, 30, 12, 1)
)
FIELDS = [
    {"name": "Id", "type": "id"},
    {"name": "Name", "type": "string"},
    {"name": "FirstName", "type": "string", "compoundFieldName": "Name"},
    {"name": "Address", "type": "address"},
    {"name": "City", "type": "string", "compoundFieldName": "Address"},
    {"name": "Body", "type": "base64"},
    {"name": "CreatedDate", "type": "datetime", "filterable": True},
    {"name": "SystemModstamp", "type": "datetime", "filterable": False},
]


def test_compound_parents_are_not_selected_except_name() -> None:
    schema = soql.schema_of("Lead", {"fields": FIELDS})
    assert list(schema.fields) == [
        "Id", "Name", "FirstName", "City", "CreatedDate", "SystemModstamp"
    ]  # fmt: skip
    assert schema.cursor == "CreatedDate"


def test_a_query_reads_a_closed_window() -> None:
    schema = soql.ObjectSchema("Lead", {"Id": "id"}, "SystemModstamp")
    assert soql.query_text(schema, None) == "SELECT Id FROM Lead"
    assert soql.query_text(schema, WINDOW) == (
        "SELECT Id FROM Lead WHERE SystemModstamp >= 2026-06-30T11:50:00Z"
        " AND SystemModstamp <= 2026-06-30T12:01:00Z"
    )


@pytest.mark.parametrize(
    ("stamp", "is_in"),
    [
        ("2026-06-30T11:49:59.000+0000", False),
        ("2026-06-30T11:50:00.000+0000", True),
        ("2026-06-30T12:01:00.000+0000", True),
        ("2026-06-30T12:01:01.000+0000", False),
        (None, True),
    ],
)
def test_rows_outside_the_window_are_dropped(stamp: str | None, is_in: bool) -> None:
    assert soql.is_in({"_source_modified_at": stamp}, WINDOW) is is_in


def test_search_pages_by_id_inside_the_window() -> None:
    body = records.search_body(CRM_OBJECT["contacts"], WINDOW, 42)
    assert body["sorts"] == [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
    assert body["filterGroups"][0]["filters"] == [
        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "1782820200000"},
        {"propertyName": "lastmodifieddate", "operator": "LTE", "value": "1782820860999"},
        {"propertyName": "hs_object_id", "operator": "GT", "value": "42"},
    ]


def test_a_property_that_collides_with_the_envelope_gets_a_prefix() -> None:
    row = records.row_of(
        {
            "id": "1",
            "properties": {"createdat": "x", "updatedAt": "y", "email": "z", "_is_deleted": "w"},
            "updatedAt": "2026-01-01T00:00:00Z",
            "archived": True,
            "archivedAt": "2026-02-01T00:00:00Z",
        }
    )
    assert row["id"] == "1"
    assert (row["property_createdat"], row["property_updatedAt"], row["email"]) == ("x", "y", "z")
    assert (row["_is_deleted"], row["property__is_deleted"]) == (True, "w")
    assert row["_source_modified_at"] == "2026-02-01T00:00:00Z"


def test_names_of_properties_are_split_where_an_address_would_be_too_long() -> None:
    names = [f"property_number_{number:04d}" for number in range(1_500)]
    chunks = records.name_chunks(names)
    assert [name for chunk in chunks for name in chunk] == names
    assert len(chunks) > 1
    assert all(len("%2C".join(chunk)) <= records.MAX_NAMES_IN_URL for chunk in chunks)


def test_epoch_milliseconds_and_iso_are_the_same_moment() -> None:
    crm = CRM_OBJECT["contacts"]
    for text in ("1782820200000", "2026-06-30T11:50:00Z", "2026-06-30T13:50:00+02:00"):
        record = {"properties": {"lastmodifieddate": text}}
        assert records.stamp_of(record, crm) == datetime(2026, 6, 30, 11, 50)


def test_what_is_filled_into_a_path_is_quoted() -> None:
    assert path_of("form_submissions", id="a/../b?c") == (
        "/form-integrations/v1/submissions/forms/a%2F..%2Fb%3Fc"
    )


def test_drift_names_what_changed() -> None:
    at = datetime(2026, 6, 30)
    found = drifts({"a": "string", "b": "int"}, {"b": "double", "c": "string"}, at)
    assert [one.words() for one in found] == [
        "removed field a",
        "b was int, is double",
        "new field c",
    ]
    assert drifts({}, {"a": "string"}, at) == []


class Clock:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def limiter(clock: Clock, source: str = "hubspot") -> RateLimiter:
    return RateLimiter(source, 0.1, Patience(), clock.sleep, lambda: clock.now)


def test_no_more_than_five_searches_a_second() -> None:
    clock = Clock()
    pace = limiter(clock)
    for _ in range(11):
        pace.wait(search=True)
    assert clock.now - 100 == pytest.approx(2.0)


def test_refusals_say_how_long_to_wait() -> None:
    clock = Clock()
    pace = limiter(clock)
    pace.after_429({"Retry-After": "7"}, "TEN_SECONDLY_ROLLING", 1)
    pace.after_429({}, "TEN_SECONDLY_ROLLING", 1)
    pace.after_429({}, "SECONDLY", 1)
    # Others of the account share the limit: each further refusal is waited out longer.
    pace.after_429({}, "SECONDLY", 4)
    told, rolling, first, fourth = clock.slept
    assert told == 7.0
    assert (10 <= rolling <= 15, 1 <= first <= 1.5, 4 <= fourth <= 6) == (True, True, True)


def test_a_share_of_the_quota_is_left_to_others() -> None:
    limiter(Clock(), "salesforce").observe({"Sforce-Limit-Info": "api-usage=4499/5000"})
    with pytest.raises(QuotaExhausted, match="4,501 of 5,000"):
        limiter(Clock(), "salesforce").observe({"Sforce-Limit-Info": "api-usage=4501/5000"})
    with pytest.raises(QuotaExhausted, match="9 of 100"):
        limiter(Clock()).observe(
            {"X-HubSpot-RateLimit-Daily": "100", "X-HubSpot-RateLimit-Daily-Remaining": "9"}
        )


def test_the_date_header_is_the_vendors_clock() -> None:
    assert server_time("Tue, 30 Jun 2026 12:00:00 GMT") == datetime(2026, 6, 30, 12)
    assert server_time("yesterday") is None
