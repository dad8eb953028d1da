"""Records that came twice, cannot be right or came while the run went past midnight.

From raw records to the definitions, without HTTP. The run began a second before midnight, read
until ten minutes after it, and is judged as of its beginning.
"""

from datetime import datetime

import duckdb
import pytest

from connectors.landing import Landing
from connectors.sandbox import straight
from connectors.sandbox.world import World
from onefunnel.home import Home
from tests.records import USER, Records, moment
from tests.warehouse import begin, dbt

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BEGAN, ENDED = "2026-06-30 23:59:59", "2026-07-01 00:10:00"
DEMO = "Request a demo"


def company() -> tuple[World, dict[str, str]]:
    """The records, and the ids of the deals by name."""
    records, deals = Records(), {}
    for email, at in (
        ("twice@converted.io", "2026-03-02 09:00"),
        ("colleague@cloudfern.example", "2026-05-04 09:00"),
        ("tester@example.com", "2026-05-04 09:00"),
        ("evening@night.io", BEGAN),
        ("morning@night.io", "2026-07-01 00:00:00"),
    ):
        records.contact(email, at, hs_analytics_source="ORGANIC_SEARCH")
        records.submits(email, DEMO, at)
    converted_twice(records, deals)
    for email, number in (
        ("seconds@epoch.io", int(moment("2026-05-04 09:00").timestamp())),
        ("zero@epoch.io", 0),
        ("far@epoch.io", int(moment("2099-12-31 09:00").timestamp() * 1000)),
    ):
        records.contact(email, "2026-05-04 09:00", hs_analytics_source="ORGANIC_SEARCH")
        submitted(records, email, number)
    for name, closes in (("closes in 1970", "1970-01-01"), ("closes in 2099", "2099-12-31")):
        deals[name] = records.opportunity(
            "2026-05-04 09:00", ("2026-05-04 09:00", "Qualification", 100), CloseDate=closes
        )
    deals["negative"] = records.opportunity(
        "2026-05-04 09:00", ("2026-05-04 09:00", "Qualification", -100)
    )
    # Nobody saw its stages: entered into the CRM in May, closed in March.
    deals["closed before it was made"] = records.salesforce(
        "Opportunity", "2026-05-04 09:00", Name="Deal", Type="New Business", Amount=500,
        StageName="Closed Won", CurrencyIsoCode="USD", CloseDate="2026-03-01", IsClosed=True,
        IsWon=True, OwnerId=USER,
    )  # fmt: skip
    records.world.advance_to(moment(ENDED))
    return records.world, deals


def converted_twice(records: Records, deals: dict[str, str]) -> None:
    """Two leads of one person become the same contact, two days apart, each with its own deal."""
    account = records.account("2026-03-04 09:00")
    contact = records.salesforce(
        "Contact", "2026-03-04 09:00", Email="twice@converted.io", AccountId=account, LastName="C"
    )
    for name, made, at in (
        ("first conversion", "2026-03-02 09:05", "2026-03-04 09:00"),
        ("second conversion", "2026-03-05 09:00", "2026-03-06 09:00"),
    ):
        deals[name] = records.opportunity(at, (at, "Qualification", 1000), AccountId=account)
        records.role(deals[name], contact, at)
        records.lead(
            "twice@converted.io", made, (at, "Closed - Converted"), IsConverted=True,
            ConvertedDate=at[:10], ConvertedAccountId=account, ConvertedContactId=contact,
            ConvertedOpportunityId=deals[name],
        )  # fmt: skip


def submitted(records: Records, email: str, stamp: int) -> None:
    """A form submission with a stamp as it comes, in whatever unit."""
    form = {"formId": records.form(DEMO), "conversionId": f"odd-{email}", "submittedAt": stamp}
    values = [{"name": "email", "value": email, "objectTypeId": "0-1"}]
    page = {"pageUrl": "https://vendor-side.io/", "values": values}
    records.world.add("hubspot", "form_submissions", {**form, **page}, moment("2026-06-01 09:00"))


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Build the definitions; answer a query about a person ($who, an address) or a deal."""
    world, deals = company()
    home = Home(tmp_path_factory.mktemp("odd") / "home").create()
    straight.land(world, Landing(home.landing))
    home = begin(home.root, datetime.fromisoformat(BEGAN))
    kinds = ("--resource-type", "seed", "--resource-type", "model")
    wanted = ("--select", "+path:models/definitions", "+cast_failure", "+period")
    built = dbt(home, "build", "--quiet", *kinds, *wanted)
    assert built.returncode == 0, built.stdout[-4000:]
    con = duckdb.connect(home.warehouse, read_only=True)

    def answer(sql: str, who: str = ""):
        person = (
            "(select distinct person_id from definitions.person_record where object = 'contacts' "
            "and record_id in (select contact_id from staging.stg_hubspot__contact "
            f"where lower(email) = '{who}'))"
        )
        told = sql.replace("$who", person).replace("$deal", f"'{deals.get(who)}'")
        return con.execute(told).fetchall()

    yield answer
    con.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


MQL = "select is_mql, mql_at from definitions.mql where person_id = $who"


def test_who_was_converted_twice_is_one_person_one_mql_and_two_deals(ask):
    who = "twice@converted.io"
    count = "select count(*), count(distinct person_id) from definitions.person_record"
    assert ask(f"{count} where person_id = $who", who) == [(4, 1)]
    assert ask(MQL, who) == [(True, at("2026-03-02 09:00"))]
    sal = "select outcome, accepted_at from definitions.sal join definitions.mql using (episode_id)"
    assert ask(f"{sal} where mql.person_id = $who", who) == [("accepted", at("2026-03-04 09:00"))]
    sourced = (
        "select source, rule, opportunity.amount_reporting from definitions.pipeline_source "
        "join definitions.opportunity using (opportunity_id) where opportunity_id = $deal"
    )
    for deal in ("first conversion", "second conversion"):
        assert ask(sourced, deal) == [("Organic search", "episode", 1000)]


@pytest.mark.parametrize(
    ("who", "reason"), [("colleague@cloudfern.example", "internal"), ("tester@example.com", "test")]
)
def test_our_own_people_and_test_addresses_stay_under_their_reason_and_are_no_mql(ask, who, reason):
    assert ask(MQL, who) == [(False, None)]
    excluded = "select exclusion_reason from definitions.lead where person_id = $who"
    assert ask(excluded, who) == [(reason,)]


def test_a_run_across_midnight_is_of_the_day_on_which_it_began(ask):
    assert ask(MQL, "evening@night.io") == [(True, at(BEGAN))]
    assert ask(MQL, "morning@night.io") == []
    assert ask(
        "select distinct ends_on from marts.period "
        "where compare = 'current' and period in ('this_quarter', 'this_month', 'last_90_days')"
    ) == [(at("2026-06-30").date(),)]


def test_seconds_are_no_milliseconds_and_1970_and_2099_make_no_mql(ask):
    assert ask(MQL, "seconds@epoch.io") == [(True, at("2026-05-04 09:00"))]
    assert ask(MQL, "zero@epoch.io") == []
    assert ask(MQL, "far@epoch.io") == []
    unread = "select failures from marts.cast_failure where staged_table like '%form_submission%'"
    assert ask(unread) == [(1,)], "a stamp that is no moment is counted on Data health"


@pytest.mark.parametrize("deal", ["closes in 1970", "closes in 2099"])
def test_an_impossible_close_date_is_flagged_and_its_deal_stays(ask, deal):
    flagged = (
        "select is_pipeline, is_close_date_odd, amount_reporting from definitions.opportunity "
        "where opportunity_id = $deal"
    )
    assert ask(flagged, deal) == [(True, True, 100)]


def test_a_negative_amount_is_flagged_and_counts_as_it_is(ask):
    flagged = "select is_amount_odd, amount_reporting from definitions.opportunity"
    assert ask(f"{flagged} where opportunity_id = $deal", "negative") == [(True, -100)]


def test_a_deal_that_closed_before_it_was_made_took_no_negative_time(ask):
    won = "select outcome, closed_at, cycle_days from definitions.win where opportunity_id = $deal"
    found = ask(won, "closed before it was made")
    assert found == [("won", at("2026-05-04 09:00"), None)]
