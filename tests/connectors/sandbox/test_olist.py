"""The Olist converter, on a hand-made sample and, where it is there, on the real files."""

import json
import statistics
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from connectors.sandbox import olist

_BESIDE = [folder / "shared" / "data" / "olist" for folder in Path(__file__).parents]
REAL = next((folder for folder in _BESIDE if folder.is_dir()), _BESIDE[4])

LEADS = """mql_id,first_contact_date,landing_page_id,origin
aa11,2018-02-01,p1,social
bb22,2018-02-03,p2,
cc33,2018-03-05,p2,unknown
"""
DEALS = """mql_id,seller_id,sr_id,won_date,business_segment,declared_monthly_revenue
aa11,s1,r1,2018-02-20 10:00:00,pet,250.5
cc33,s2,r1,2018-03-03 19:38:55,toys,
"""
SELLERS = 'seller_id,seller_state\n"s1",SP\n"s2",RJ\n'


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    for name, text in ((olist.LEADS, LEADS), (olist.DEALS, DEALS), (olist.SELLERS, SELLERS)):
        (tmp_path / name).write_text(text)
    return tmp_path


def _rows(folder: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def test_empty_origin_and_unknown_origin_stay_apart(sample, tmp_path):
    olist.convert(sample, tmp_path / "out")
    sources = [
        row["properties"]["hs_analytics_source"]
        for row in _rows(tmp_path / "out", "hubspot/contacts")
    ]
    assert sources == ["SOCIAL_MEDIA", None, "OFFLINE"]


def test_each_lead_is_its_own_person_with_one_demo_request(sample, tmp_path):
    olist.convert(sample, tmp_path / "out")
    emails = [r["properties"]["email"] for r in _rows(tmp_path / "out", "hubspot/contacts")]
    assert len({email.split("@")[1] for email in emails}) == 3
    (form,) = _rows(tmp_path / "out", "hubspot/forms")
    assert form["name"] == "Request a demo"
    submitted = [r["submittedAt"] for r in _rows(tmp_path / "out", "hubspot/form_submissions")]
    assert submitted[0] == 1517443200000  # 2018-02-01T00:00Z


def test_a_deal_won_before_its_contact_has_one_stage_at_the_time_it_was_won(sample, tmp_path):
    olist.convert(sample, tmp_path / "out")
    stages = [
        (r["StageName"], r["CreatedDate"])
        for r in _rows(tmp_path / "out", "salesforce/OpportunityHistory")
    ]
    assert stages == [
        ("Qualification", "2018-02-01T00:01:00.000+0000"),
        ("Closed Won", "2018-02-20T10:00:00.000+0000"),
        ("Closed Won", "2018-03-03T19:38:55.000+0000"),
    ]


def test_firmographics_stay_unknown_except_the_state(sample, tmp_path):
    olist.convert(sample, tmp_path / "out")
    accounts = _rows(tmp_path / "out", "salesforce/Account")
    assert [a["BillingState"] for a in accounts] == ["SP", "RJ"]
    assert not {"Industry", "BillingCountry", "NumberOfEmployees"} & set(accounts[0])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SystemExit, match=olist.LEADS):
        olist.convert(tmp_path, tmp_path / "out")


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the Olist files are not at {REAL}")
def test_the_real_files_keep_every_lead_and_deal(tmp_path):
    counts = olist.convert(REAL, tmp_path)
    assert counts["hubspot/contacts"] == counts["hubspot/form_submissions"] == 8000
    contacts = _rows(tmp_path, "hubspot/contacts")
    sources = Counter(r["properties"]["hs_analytics_source"] for r in contacts)
    assert sources["ORGANIC_SEARCH"] == 2296
    assert sources["OFFLINE"] == 1099
    assert sources[None] == 60
    first = {r["properties"]["salesforcecontactid"]: r["createdAt"][:10] for r in contacts}
    days = [
        (date.fromisoformat(r["CloseDate"]) - date.fromisoformat(first[r["ContactId"]])).days
        for r in _rows(tmp_path, "salesforce/Opportunity")
    ]
    assert len(days) == 842
    assert statistics.median(days) == 14
    assert min(days) == -2
