"""From raw records of both APIs to the definitions: each case is a sentence of the agreement."""

from datetime import datetime

import duckdb
import pytest

from connectors.sandbox.serve import start
from tests import company_of_cases
from tests.connectors.conftest import Crm
from tests.warehouse import models

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Read the cases over both APIs and build the definitions; answer a query on them."""
    folder = tmp_path_factory.mktemp("cases")
    records, deals = company_of_cases.build()
    with start(records.world) as sandbox:
        Crm(sandbox, folder).read()
    built = models(folder, records.world, "+path:models/definitions")
    con = duckdb.connect(built, read_only=True)
    people = dict(
        con.execute(
            """
            select lower(trim(records.email)), people.person_id
            from (
                select 'Lead' as object, lead_id as record_id, email
                from staging.stg_salesforce__lead
                union all
                select 'Contact', contact_id, email from staging.stg_salesforce__contact
                union all
                select 'contacts', contact_id, email from staging.stg_hubspot__contact
            ) as records
            inner join definitions.person_record as people using (object, record_id)
            """
        ).fetchall()
    )

    def answer(sql: str, who: str):
        sql = sql.replace("$person", f"'{people.get(who)}'").replace("$deal", f"'{deals.get(who)}'")
        return con.execute(sql).fetchall()

    yield answer
    con.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


MQL = "select is_mql, mql_at from definitions.mql where person_id = $person order by attempt"


@pytest.mark.parametrize(
    ("sentence", "who", "expected"),
    [
        ("a hand-raise is an MQL at once", "raised@one.io", [(True, at("2026-05-04 09:00"))]),
        ("50 points in 30 days are an MQL", "scored@two.io", [(True, at("2026-05-07 10:00"))]),
        ("points older than 30 days do not count", "slow@three.io", [(False, None)]),
        ("at most 3 of one kind count", "reader@four.io", [(False, None)]),
        ("an account ruled out of the ICP is no MQL", "clerk@five.io", [(False, None)]),
        ("a customer's person is no MQL", "buyer@six.io", [(False, None)]),
        ("a test address is no MQL (X1)", "someone@example.com", [(False, None)]),
        ("contest@ is no test (X1)", "contest@seven.io", [(True, at("2026-05-04 09:00"))]),
        ("who has an open deal is no MQL", "busy@deal.io", [(False, None)]),
        (
            "a rejected person is a new MQL when asking again (L1)",
            "again@ten.io",
            [(True, at("2026-02-02 09:00")), (True, at("2026-05-04 09:00"))],
        ),
        (
            "an attempt lapses after 180 days",
            "lapsed@eleven.io",
            [(False, None), (True, at("2026-05-04 09:00"))],
        ),
        (
            "a later hand-raise by a customer's person is a customer's",
            "convert@deal.io",
            [(True, at("2026-03-02 09:00")), (False, None)],
        ),
    ],
)
def test_who_is_an_mql(ask, sentence, who, expected):
    assert ask(MQL, who) == expected, sentence


@pytest.mark.parametrize(
    ("sentence", "who", "expected"),
    [
        ("a seller accepted", "raised@one.io", [("accepted", at("2026-05-04 11:00"))]),
        ("first rejected, then recycled", "again@ten.io", [("rejected", None), ("recycled", None)]),
        ("a robot's status is no acceptance (F1)", "robot@twelve.io", [("overdue", None)]),
        ("not yet due is pending", "queue@thirteen.io", [("pending", None)]),
        ("a deleted MQL is removed (I7)", "gone@fourteen.io", [("removed", None)]),
        (
            "HubSpot's status speaks where there is no lead",
            "hubspot-only@sixteen.io",
            [("accepted", at("2026-06-02 09:00"))],
        ),
        (
            "conversion counts as accepted",
            "convert@deal.io",
            [("accepted", at("2026-03-04 09:00"))],
        ),
        ("nothing to read a decision from", "scored@two.io", [("no_status", None)]),
    ],
)
def test_what_sales_decided(ask, sentence, who, expected):
    found = ask(
        "select outcome, accepted_at from definitions.sal inner join definitions.mql "
        "using (episode_id) where mql.person_id = $person order by mql.attempt",
        who,
    )
    assert found == expected, sentence


def test_why_and_how_an_episode_closed(ask):
    closed = "select closed_by from definitions.mql where person_id = $person order by attempt"
    assert ask(closed, "again@ten.io") == [("rejected",), ("recycled",)]
    assert ask(closed, "lapsed@eleven.io") == [("lapsed",), (None,)]
    assert ask(closed, "convert@deal.io") == [("converted",), (None,)]
    reasons = ask(
        "select kind, reason from definitions.rejection inner join definitions.mql "
        "using (episode_id) where mql.person_id = $person order by rejection.decided_at",
        "again@ten.io",
    )
    assert [kind for kind, _ in reasons] == ["rejected", "recycled"]


def test_people_are_resolved_and_shared_mailboxes_are_not(ask):
    same = "select count(*) from definitions.person_record where person_id = $person"
    assert ask(same, "same@nine.io") == [(2,)], "one address in two systems is one person (I2)"
    assert ask(same, "info@eight.io") == [(1,)], "a shared mailbox never merges people (I3)"
    merged = ask(
        "select is_survivor, deleted_at is not null from definitions.person_record "
        "where person_id = $person order by is_survivor",
        "merged@fifteen.io",
    )
    assert merged == [(False, True), (True, False)], "a merged record follows its survivor (I6)"


@pytest.mark.parametrize(
    ("who", "source"),
    [
        ("raised@one.io", "Organic search"),
        ("hubspot-only@sixteen.io", "Paid search"),
        ("web@source.io", "Direct"),
        ("other@source.io", "Unknown"),
        ("none@source.io", "Not recorded"),
        ("fax@source.io", "Unmapped"),
    ],
)
def test_a_persons_source_is_the_first_known_one(ask, who, source):
    assert ask("select first_source from definitions.lead where person_id = $person", who) == [
        (source,)
    ]


@pytest.mark.parametrize(
    ("deal", "outcome", "is_pipeline", "amount", "closed_at"),
    [
        ("won", "won", True, 10000, "2026-04-09 09:00"),
        ("late amount", "open", True, None, None),
        ("renewal", "open", False, None, None),
        ("never accepted", "unqualified", False, None, "2026-03-02 09:00"),
        ("reopened", "won", True, 700, "2026-04-01 09:00"),
        ("euro", "open", True, 8000, None),
        ("yen", "open", True, 8000, None),
        ("deleted", "removed", False, None, None),
        ("lost", "lost", True, 100, "2026-06-01 09:00"),
    ],
)
def test_what_became_of_a_deal(ask, deal, outcome, is_pipeline, amount, closed_at):
    found = ask(
        "select outcome, is_pipeline, case when is_pipeline then amount_at_pipeline end, "
        "case when outcome in ('won', 'lost', 'unqualified') then closed_at end "
        "from definitions.win inner join definitions.opportunity using (opportunity_id) "
        "where opportunity_id = $deal",
        deal,
    )
    assert found == [(outcome, is_pipeline, amount, at(closed_at) if closed_at else None)]


def test_amounts_are_converted_at_the_dated_rate_and_a_missing_rate_is_null(ask):
    reporting = "select amount_reporting from definitions.opportunity where opportunity_id = $deal"
    assert ask(reporting, "euro") == [(10000,)], "0.8 EUR for one USD: divide (O6)"
    assert ask(reporting, "yen") == [(None,)], "no rate, no guess (O6)"


def test_pipeline_belongs_to_the_source_of_the_episode_that_led_to_it(ask):
    sourced = (
        "select source, team, rule from definitions.pipeline_source where opportunity_id = $deal"
    )
    assert ask(sourced, "won") == [("Organic search", "marketing", "episode")]
    assert ask(sourced, "lost") == [("Partner", "partner", "opportunity")]
    assert ask(sourced, "euro") == [("Not recorded", "unknown", "unknown")]
    assert ask(sourced, "renewal") == []


def test_who_is_taken_off_a_deal_after_it_entered_pipeline_led_to_it_and_is_on_it_no_more(ask):
    led = (
        "select mql.person_id = $person, pipeline_source.source, committee_roles "
        "from definitions.opportunity "
        "inner join definitions.pipeline_source using (opportunity_id) "
        "inner join definitions.mql using (episode_id) where opportunity_id = "
    )
    deal = ask("select $deal", "left")[0][0]
    assert ask(f"{led}'{deal}'", "leaver@deal.io") == [(True, "Organic search", None)]
    role = "select buying_role is not null from definitions.lead where person_id = $person"
    assert ask(role, "leaver@deal.io") == [(True,)], "with a role they would be of the committee"


def test_the_won_deal_tells_its_cycle_and_its_loss_its_reason(ask):
    won = ask(
        "select cycle_days, days_from_mql from definitions.win where opportunity_id = $deal", "won"
    )
    assert won == [(30, 38)]
    lost = ask("select loss_reason from definitions.win where opportunity_id = $deal", "lost")
    assert lost == [("price",)]
    reopened = ask(
        "select is_reopened from definitions.win where opportunity_id = $deal", "reopened"
    )
    assert reopened == [(True,)]
    stamped = ask(
        "select amount_stamped_at, is_amount_missing from definitions.opportunity "
        "where opportunity_id = $deal",
        "won",
    )
    assert stamped == [(at("2026-03-20 09:00"), False)]
    late = ask(
        "select is_amount_missing from definitions.opportunity where opportunity_id = $deal",
        "late amount",
    )
    assert late == [(True,)], "the first amount came after 30 days"


def test_an_unmapped_status_is_counted_and_stops_nothing(ask):
    assert ask(
        "select count(*) from definitions.lead where person_id = $person", "odd@seventeen.io"
    )
