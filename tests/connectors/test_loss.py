"""The loss table: whatever a vendor does on a bad day, nothing is lost, doubled or changed.

Each row of it: a first load under the fault, a run after it; an hour in which every kind of change
happens, a run under the fault, a run after it; then everything that has landed is compared with
what the local CRM knows. docs/loss-table.md is what these tests measure.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connectors import rate_limit, stream
from connectors.errors import ConnectorError
from connectors.hubspot import marketing
from connectors.salesforce import bulk, connector
from connectors.sandbox import hubspot_search, serve
from tests.conftest import ROOT
from tests.connectors import loss
from tests.connectors.conftest import Crm, ago, contact, lead

DOCS = ROOT / "docs" / "loss-table.md"
SERVICES = [{"errorCode": "UNKNOWN_EXCEPTION", "message": "An unexpected error occurred"}]
DISGUISED = {"status": "error", "category": "INTERNAL_ERROR", "message": "internal error"}
EXPIRED = [{"errorCode": "INVALID_QUERY_LOCATOR", "message": "invalid query locator"}]
NO_FIELD = [{"errorCode": "INVALID_FIELD", "message": "No such column 'Title' on entity 'Lead'"}]
NO_AFTER = {"status": "error", "category": "VALIDATION_ERROR", "message": "invalid after"}
NOWHERE = [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]


@dataclass(frozen=True)
class Row:
    """One fault: its number among the known ones, its name, what the local CRM is told."""

    number: int
    name: str
    faults: tuple[dict, ...] = ()
    # How many contacts change on one millisecond, where HubSpot's search ends at 400.
    many: int = 0
    secret: str = "x"
    # Fields that are hidden or shown only under the fault.
    phases: tuple[str, ...] = ("first", "later")
    # What another row of the quick tests shows too, by another way: `make test-slow`.
    again: bool = False

    @property
    def told(self) -> str:
        """How its line in the docs begins."""
        return f"| {self.number or '-'} | {self.name} |"


def fault(kind: str, **options: object) -> dict:
    return {"kind": kind, **options}


def hidden(**more: object) -> tuple[dict, ...]:
    return (
        fault("hidden_field", object="Lead", field="Title", **more),
        fault("hidden_field", object="contacts", field="jobtitle", **more),
    )


FAULTS = (
    Row(0, "none"),
    Row(1, "a burst of server errors", (fault("server_error", times=6),)),
    Row(1, "server errors that last", (
        fault("server_error", match="query|objects", skip=3),
    ), again=True),
    Row(2, "429 with Retry-After", (fault("rate_limited", times=3, retry_after=0),)),
    Row(2, "429 without Retry-After", (
        fault("rate_limited", times=3, retry_after=None, policy="SECONDLY"),
    ), again=True),
    Row(2, "429 at the token endpoint", (
        fault("rate_limited", match="oauth2/token", times=2, retry_after=None, policy="SECONDLY"),
    ), again=True),
    Row(3, "more changes than the search returns", many=450),
    Row(4, "hundreds on one millisecond, a search out of order", (
        fault("search_disorder", strangers=2, times=1),
    ), many=450),
    Row(5, "an expired page token", (
        fault("status", match=r"query/", times=1, body=EXPIRED),
        fault("status", match="after=", times=1, body=NO_AFTER),
    )),
    Row(5, "a page token that repeats itself", (
        fault("repeated_cursor", match="after="),
    ), again=True),
    Row(6, "records change while pages are read", (
        fault("moving_records", match="query", object="Lead", field="Title", times=9),
        fault("moving_records", match="objects/contacts", object="contacts", field="message",
              times=9),
    )),
    Row(7, "a connection that breaks", (fault("cut_body", match="query|objects", times=3),)),
    Row(7, "JSON that is cut", (
        fault("truncated_json", match="query|objects", times=3),
    ), again=True),
    Row(7, "CSV that is cut", (fault("truncated_csv", match="/results", times=2),)),
    Row(7, "CSV that is always cut", (fault("truncated_csv", match="/results"),), again=True),
    Row(8, "an answer that drips", (fault("slow_drip", seconds=0.2, times=2),)),
    Row(8, "an answer that does not come", (
        fault("delay", seconds=3, times=1, match="objects"),
    ), again=True),
    Row(9, "a login page with status 200", (fault("html_page", match="query|objects", times=2),)),
    Row(9, "an error with status 200", (
        fault("status", match="services/data/v.*query", status=200, body=SERVICES, times=1),
        fault("status", match="crm/", status=200, body=DISGUISED, times=2),
    ), again=True),
    Row(10, "a bulk job that fails", (fault("failed_job", object="Lead"),)),
    Row(10, "a bulk job that never ends", (fault("stuck_job", object="Lead"),), again=True),
    Row(10, "more formula fields than a query may have", (
        fault("too_complicated", object="Lead", fields=12),
    ), again=True),
    Row(11, "no rows where there were many", (
        fault("empty_answer", match="query|results|objects/contacts.*archived=false"),
    ), phases=("full",)),
    Row(12, "the session ends in the middle", (
        fault("unauthorized", match="services.*query", skip=1, times=1, until_new_token=True),
    )),
    Row(13, "wrong credentials", secret="wrong"),
    Row(14, "the daily quota is used up", (
        fault("request_limit_exceeded", match="query|results", skip=2),
        fault("rate_limited", policy="DAILY", match="objects", skip=2),
    )),
    Row(15, "the daily quota is nearly used", (fault("nearly_used", left=10),)),
    Row(16, "a field is hidden", hidden(), phases=("later",)),
    Row(17, "a field is new", hidden(), phases=("first",)),
    Row(18, "a field goes between describe and query", (
        fault("status", match="query", times=1, body=NO_FIELD),
    )),
    Row(19, "a field has another type", (
        fault("retyped_field", object="Lead", field="Title", type="textarea"),
        fault("retyped_field", object="contacts", field="jobtitle", type="number"),
    )),
    Row(19, "a text becomes a number", (
        fault("retyped_field", object="Lead", field="Fax", type="double"),
    )),
    Row(20, "a picklist has a new value", phases=("value",)),
    Row(21, "a label is renamed", phases=("label",)),
    Row(22, "the version of the API is gone", (
        fault("status", match="services/data/v", status=404, body=NOWHERE),
        fault("status", match="crm/", status=410, body={"message": "gone"}),
    )),
)  # fmt: skip


@dataclass
class Measured:
    """What became of a row."""

    row: Row
    losses: loss.Losses
    said: list[str] = field(default_factory=list)
    hits: int = 0

    def line(self) -> str:
        said = ", ".join(dict.fromkeys(self.said)) or "succeeds"
        lost, duplicated, changed = self.losses.numbers()
        counts = f"{self.losses.compared:,} | {lost} | {duplicated} | {changed} |"
        return f"{self.row.told} {said} | {counts}"


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty records are several pages, a bulk job, several pieces of a first load."""
    monkeypatch.setattr(connector, "BULK_FROM", 30)
    monkeypatch.setattr(bulk, "PAGE_ROWS", 15)
    monkeypatch.setattr("connectors.hubspot.crm_objects.LIST_PAGE", 15)
    monkeypatch.setattr("connectors.hubspot.crm_objects.LIST_PAGE_WITH_HISTORY", 10)
    monkeypatch.setattr(marketing, "SUBMISSIONS_PAGE", 15)
    monkeypatch.setattr(marketing, "EVENTS_PAGE", 15)
    monkeypatch.setattr(stream, "PIECE_OF_FIRST_LOAD", 20)
    monkeypatch.setattr(hubspot_search, "_CAP", 400)
    monkeypatch.setattr(rate_limit, "SEARCHES_PER_SECOND", 1_000)
    monkeypatch.setattr(rate_limit, "POLICY_WAIT", {"SECONDLY": 0.02})


@pytest.fixture
def crm(tmp_path: Path, small_pages: None, request: pytest.FixtureRequest) -> Iterator[Crm]:
    text = loss.LONG if "none" in request.node.name else "long"
    with serve.start(loss.hostile_world(text), require_secret="x") as sandbox:
        yield Crm(sandbox, tmp_path)


def attempt(crm: Crm, row: Row, measured: Measured) -> None:
    """One run under the fault, which may fail; then the fault is over."""
    declared = [crm.fault(**one) for one in row.faults]
    failure: ConnectorError | None = None
    try:
        crm.read(*loss.NAMES, secret=row.secret)
    except ConnectorError as error:
        failure = error
    assert failure is None or (failure.remedy and len(str(failure)) < 600)
    measured.said.append(f"fails: {failure.kind}" if failure else "succeeds")
    measured.hits += sum(one.hits for one in declared)
    crm.sandbox.sandbox.faults.clear()
    crm.sandbox.sandbox.tokens.restore()


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, marks=[pytest.mark.slow] if row.again else []) for row in FAULTS],
    ids=lambda row: f"{row.number} {row.name}",
)
def test_nothing_is_lost_doubled_or_changed(crm: Crm, row: Row) -> None:
    measured = Measured(row, loss.Losses())
    if "first" in row.phases:
        attempt(crm, row, measured)
    if measured.said != ["succeeds"]:
        crm.read(*loss.NAMES)
    if "value" in row.phases:
        crm.world.add("salesforce", "Lead", lead(3, ago(hours=-1), Status="Brand new"))
        crm.world.add("hubspot", "contacts", contact(1003, ago(hours=-1), hs_lead_status="NEW"))
    if "label" in row.phases:
        label = {"objectType": "contacts", "name": "jobtitle", "label": "Role", "type": "string"}
        crm.world.add("hubspot", "properties", label)
        crm.world.purge("hubspot", "properties", "contacts:jobtitle")
    loss.changes(crm, row.many)
    if "later" in row.phases:
        attempt(crm, row, measured)
    if "full" in row.phases:
        crm.read(*loss.NAMES)
        crm.later(days=29)
        attempt(crm, row, measured)
    crm.later(days=8)
    crm.read(*loss.NAMES)
    measured.losses = loss.compare(crm)
    assert measured.hits or not row.faults
    assert measured.losses.numbers() == (0, 0, 0), measured.losses.examples[:9]
    assert measured.line() in documented(), f"write into {DOCS}:\n{measured.line()}"


def documented() -> list[str]:
    """The lines of the table in the docs."""
    _, _, rest = DOCS.read_text(encoding="utf-8").partition("<!-- measured -->\n")
    return rest.partition("\n<!-- end -->")[0].splitlines()[2:]


def test_the_comparison_would_see_a_loss(crm: Crm) -> None:
    crm.read(*loss.NAMES)
    world = crm.world
    world.add("salesforce", "Lead", lead(200, ago(days=1)), world.now)
    world.add("salesforce", "Lead", lead(3, ago(days=33), Title="other"), world.now)
    world.purge("salesforce", "Lead", lead(4, "")["Id"])
    world.add("hubspot", "contacts", contact(1004, ago(days=34), archived_at=ago(days=1)))
    world.add("hubspot", "contacts", loss.grown(crm, 1005, ago(), lifecyclestage="customer"))
    world.purge("hubspot", "associations", "contacts:1006:companies:500")
    world.purge("hubspot", "list_memberships", "1:1007")
    found = loss.compare(crm)
    told = " ".join(found.examples)
    for part in ("200AAA", "Title", "00Q000000000004AAA',): that it is gone", "1004", "customer",
                 "'1006'", "'1007'"):  # fmt: skip
        assert part in told
    assert found.lost >= 3
    assert found.changed >= 4


def test_the_table_in_the_docs_has_these_rows_and_the_quick_tests_each_fault() -> None:
    told = documented()
    assert len(told) == len(FAULTS)
    for line, row in zip(told, FAULTS, strict=True):
        assert line.startswith(row.told)
    quick = {row.number for row in FAULTS if not row.again}
    assert quick == set(range(23))
