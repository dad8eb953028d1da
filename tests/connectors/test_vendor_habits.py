"""What the vendors do beyond their reference, as other connectors and their users report it."""

from datetime import timedelta

import pytest

from connectors import json_text
from connectors.errors import RefusedRequest, WrongCredentials
from connectors.hubspot.transport import HubSpotTransport
from connectors.salesforce import transport
from connectors.salesforce.transport import error_of
from tests.connectors.conftest import NOW, Crm, ago, contact, iso, lead

SECONDS = 1_000


def refused(code: str, message: str = "") -> list[dict[str, str]]:
    return [{"errorCode": code, "message": message}]


def test_records_that_a_workflow_touches_during_a_search_are_read_and_none_is_missed(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(450):
        crm.world.add("hubspot", "contacts", contact(5000 + number, ago(days=50)))
    crm.read("hubspot/contacts")
    changed = iso(crm.later(hours=2) - timedelta(minutes=30))
    for number in range(450):
        crm.world.add("hubspot", "contacts", contact(5000 + number, changed, lifecyclestage="mql"))
    post, touched = HubSpotTransport.post, []

    def touching(self, endpoint, body, query=(), **parts):
        answer = post(self, endpoint, body, query, **parts)
        if endpoint == "search":
            touched.append(str(5449 - len(touched)))
            stamp = iso(crm.later(seconds=1))
            crm.world.add(
                "hubspot", "contacts", contact(int(touched[-1]), stamp, lifecyclestage="sql")
            )
        return answer

    monkeypatch.setattr(HubSpotTransport, "post", touching)
    assert crm.read("hubspot/contacts")["hubspot/contacts"].status == "ok"
    monkeypatch.undo()
    crm.later(hours=2)
    crm.read("hubspot/contacts")
    stages = dict(crm.table("hubspot/contacts", "id, lifecyclestage"))
    assert len(touched) >= 3
    assert {stages[one] for one in touched} == {"sql"}
    assert [stages[str(5000 + number)] for number in range(440)] == ["mql"] * 440


def test_a_search_that_is_twenty_minutes_behind_loses_nothing(crm: Crm) -> None:
    crm.read("hubspot/contacts")
    stamp = iso(crm.later(minutes=30) - timedelta(minutes=15))
    crm.world.add("hubspot", "contacts", contact(1001, stamp, lifecyclestage="mql"))
    crm.fault("search_lag", seconds=1_200)
    for _ in range(2):
        crm.read("hubspot/contacts")
        crm.later(minutes=30)
    assert ("1001", "mql") in crm.table("hubspot/contacts", "id, lifecyclestage")


def test_a_form_of_blog_comments_has_no_submissions_and_keeps_nobody_from_the_others(
    crm: Crm,
) -> None:
    for form, kind in (("f-blog", "blog_comment"), ("f-main", "hubspot")):
        told = {"id": form, "name": form, "formType": kind, "fieldGroups": [], "archived": False}
        crm.world.add(
            "hubspot", "forms", {**told, "createdAt": ago(days=9), "updatedAt": ago(days=9)}
        )
    submitted = int((NOW - timedelta(days=2)).timestamp() * SECONDS)
    crm.world.add(
        "hubspot",
        "form_submissions",
        {"conversionId": "c1", "formId": "f-main", "submittedAt": submitted, "values": []},
    )
    body = {"status": "error", "message": "x", "errorType": "FORM_TYPE_NOT_ALLOWED"}
    crm.fault("status", match="submissions/forms/f-blog", status=400, body=body)
    assert crm.read("hubspot/form_submissions")["hubspot/form_submissions"].status == "ok"
    assert crm.table("hubspot/form_submissions", '"conversionId"') == [("c1",)]


def test_a_list_of_records_that_the_token_may_not_read_is_passed_over(crm: Crm) -> None:
    for number in ("1", "2"):
        times = {"createdAt": ago(days=9), "updatedAt": ago(days=9)}
        told = {"listId": number, "name": number, "objectTypeId": "0-1", **times}
        crm.world.add("hubspot", "lists", {**told, "processingType": "MANUAL"})
        member = {"listId": number, "recordId": "1001", "membershipTimestamp": ago(days=5)}
        crm.world.add("hubspot", "list_memberships", member)
    names = ("hubspot/lists", "hubspot/list_memberships")
    crm.read(*names)
    refusal = {"status": "error", "message": "x", "category": "MISSING_SCOPES"}
    crm.fault("status", match="lists/1/memberships", status=403, body=refusal)
    crm.later(days=8)
    crm.world.purge("hubspot", "list_memberships", "2:1001")
    assert crm.read(*names)["hubspot/list_memberships"].status == "ok"
    alive = crm.table("hubspot/list_memberships", '"listId", _is_deleted')
    assert ("1", False) in alive
    assert ("1", True) not in alive
    crm.fault("status", match="lists/2/memberships", status=403, body=refusal)
    crm.later(days=8)
    assert crm.read(*names)["hubspot/list_memberships"].status == "not_permitted"


def test_a_batch_in_which_a_record_failed_is_asked_again_and_its_edges_stay(crm: Crm) -> None:
    names = ("hubspot/contacts", "hubspot/companies", "hubspot/associations")
    crm.read(*names)
    stamp = iso(crm.later(hours=1))
    crm.world.add("hubspot", "contacts", contact(1001, stamp, lifecyclestage="mql"))
    error = {"status": "error", "category": "INTERNAL_ERROR", "message": "timeout"}
    body = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [error]}
    fault = crm.fault(
        "status", match="contacts/companies/batch/read", times=1, status=207, body=body
    )
    crm.read(*names)
    assert fault.hits == 1
    edges = crm.table("hubspot/associations", '"fromObjectId", "toObjectId"')
    assert ("1001", "500") in edges


@pytest.mark.parametrize(("status", "times"), [(406, 1), (420, 2)])
def test_an_edge_without_room_is_asked_again(crm: Crm, status: int, times: int) -> None:
    fault = crm.fault("status", match="/query", times=times, status=status, body={})
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 30
    assert fault.hits == times


def test_too_many_requests_at_once_are_no_used_up_quota(crm: Crm) -> None:
    words = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    body = refused("REQUEST_LIMIT_EXCEEDED", words)
    crm.fault("status", match="/query", times=1, status=403, body=body)
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 30


def test_a_query_for_which_rest_has_no_time_is_asked_of_bulk(crm: Crm) -> None:
    body = refused("QUERY_TIMEOUT", "Your query request was running for too long.")
    fault = crm.fault("status", match="GET .*/query(All)?/?\\?q=.*Lead", status=400, body=body)
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 30
    crm.later(days=8)
    crm.world.purge("salesforce", "Lead", "00Q000000000003AAA")
    crm.read("salesforce/Lead")
    assert ("00Q000000000003AAA", True) in crm.table("salesforce/Lead", '"Id", _is_deleted')
    assert fault.hits >= 2


def test_who_may_not_see_all_activities_is_told_which_permission_is_missing(crm: Crm) -> None:
    body = refused("OPERATION_TOO_LARGE", "exceeded 100000 distinct who/what's")
    crm.fault("status", match="GET .*/query(All)?/?\\?q=.*Lead", status=400, body=body)
    with pytest.raises(RefusedRequest, match="View All Data"):
        crm.read("salesforce/Lead")


def test_a_token_of_the_wrong_form_is_told_as_a_wrong_token(crm: Crm) -> None:
    crm.fault("status", match="", status=530, body={})
    with pytest.raises(WrongCredentials, match="HUBSPOT_ACCESS_TOKEN"):
        crm.read("hubspot/contacts")


def test_a_record_that_was_deleted_with_its_parent_is_found_though_its_stamp_did_not_move(
    crm: Crm,
) -> None:
    crm.read("salesforce/Lead")
    crm.later(days=8)
    crm.world.add("salesforce", "Lead", lead(3, ago(days=33), IsDeleted=True))
    crm.read("salesforce/Lead")
    assert ("00Q000000000003AAA", True) in crm.table("salesforce/Lead", '"Id", _is_deleted')


def test_a_good_answer_is_not_read_for_an_error_so_a_download_stays_a_stream(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []

    def looking(response):
        looked_at.append(response.status_code)
        return error_of(response)

    monkeypatch.setattr(transport, "error_of", looking)
    crm.fault("status", match="/query", times=1, status=420, body={})
    assert crm.read("salesforce/Lead")["salesforce/Lead"].rows == 30
    assert looked_at == [420]


def test_half_of_an_emoji_lands_as_the_sign_that_stands_for_it_and_costs_nothing_else(
    crm: Crm,
) -> None:
    form = {"id": "f1", "name": "f1", "formType": "hubspot", "createdAt": ago(days=9)}
    crm.world.add("hubspot", "forms", {**form, "updatedAt": ago(days=9), "archived": False})
    submitted = int((NOW - timedelta(days=2)).timestamp() * SECONDS)
    values = [{"name": "message", "value": "a \\ud83d 🎉 cut"}]
    sent = {"conversionId": "c1", "formId": "f1", "submittedAt": submitted, "values": values}
    crm.world.add("hubspot", "form_submissions", sent)
    crm.world.add("salesforce", "Lead", lead(3, ago(days=33), Description="🎉 cut"))
    crm.world.add("hubspot", "contacts", contact(1003, ago(days=33), message="a \\ cut"))
    crm.fault("half_character", text="cut")
    names = {"salesforce/Lead": 30, "hubspot/contacts": 30, "hubspot/form_submissions": 1}
    assert {name: result.rows for name, result in crm.read(*names).items()} == names
    assert ("🎉 cut\ufffd",) in crm.table("salesforce/Lead", '"Description"')
    assert ("a \\ cut\ufffd",) in crm.table("hubspot/contacts", "message")
    ((told,),) = crm.table("hubspot/form_submissions", '"values"')
    assert "a \\\\ud83d 🎉 cut\ufffd" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (rb'"\ud83d"', "\ufffd"),
        (rb'"\ud83d\ude00"', "😀"),
        (rb'"\uDE00\uD83D\uDE00\uD83D"', "\ufffd😀\ufffd"),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd😀"),
        (rb'"\\ud83d\\\ud83d"', "\\ud83d\\\ufffd"),
        (rb'"\"\ud83d\u00e9\n"', '"\ufffdé\n'),
    ],
)
def test_only_half_of_a_character_is_replaced(text: bytes, told: str) -> None:
    assert json_text.loads(text) == told
