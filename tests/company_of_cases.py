"""A company of hand-made cases: every person and deal stands for one sentence of the agreement.

Judged as of Tuesday 2026-06-30 12:00 UTC. Persons are known by their e-mail, deals by a name.
"""

from tests.records import QUEUE, ROBOT, Records, moment

AS_OF = "2026-06-30 12:00"
DEMO = "Request a demo"
PAPER, WEBINAR = "Whitepaper download", "Webinar registration"


def build() -> tuple[Records, dict[str, str]]:
    """Fill a Records; give it with the ids of the deals by name."""
    records = Records()
    deals: dict[str, str] = {}
    people(records)
    history(records)
    selling(records, deals)
    records.world.advance_to(moment(AS_OF))
    return records, deals


def interested(records: Records, email: str, *touches: tuple[str, str], **properties) -> None:
    """A HubSpot contact who submits forms: (time, form)."""
    first = touches[0][0]
    records.contact(email, first, **{"hs_analytics_source": "ORGANIC_SEARCH", **properties})
    for when, form in touches:
        records.submits(email, form, when)


def people(records: Records) -> None:
    """Who is an MQL."""
    # Monday 2026-05-04 09:00: a hand-raise, accepted two hours later by a seller.
    interested(records, "raised@one.io", ("2026-05-04 09:00", DEMO))
    records.lead(
        "raised@one.io",
        "2026-05-04 09:05",
        ("2026-05-04 11:00", "Working - Contacted"),
        LeadSource="Web",
    )
    paper = [(f"2026-05-{day:02d} 10:00", PAPER) for day in (5, 6)]
    interested(records, "scored@two.io", *paper, ("2026-05-07 10:00", WEBINAR))
    interested(
        records,
        "slow@three.io",
        ("2026-04-01 10:00", PAPER),
        ("2026-05-06 10:00", PAPER),
        ("2026-05-07 10:00", WEBINAR),
    )
    interested(
        records, "reader@four.io", *[(f"2026-05-{day:02d} 10:00", PAPER) for day in (4, 5, 6, 7)]
    )
    government = records.account(
        "2025-02-01 00:00", Industry="Government", BillingCountry="Germany"
    )
    records.salesforce(
        "Contact",
        "2026-03-01 00:00",
        Email="clerk@five.io",
        AccountId=government,
        OwnerId=QUEUE,
        LastName="Clerk",
    )
    interested(records, "clerk@five.io", ("2026-05-04 09:00", DEMO))
    customer = records.account(
        "2025-02-01 00:00", Type="Customer - Direct", Industry="Technology", BillingCountry="France"
    )
    records.salesforce(
        "AccountHistory",
        "2025-06-01 00:00",
        AccountId=customer,
        Field="Type",
        OldValue="Prospect",
        NewValue="Customer - Direct",
    )
    records.salesforce(
        "Contact", "2026-03-01 00:00", Email="buyer@six.io", AccountId=customer, LastName="Buyer"
    )
    interested(records, "buyer@six.io", ("2026-05-04 09:00", DEMO))
    interested(records, "someone@example.com", ("2026-05-04 09:00", DEMO))
    interested(records, "contest@seven.io", ("2026-05-04 09:00", DEMO))
    # Two people at one shared mailbox; one person with one address in two systems.
    records.lead("info@eight.io", "2026-05-04 09:00", LastName="First")
    records.lead("info@eight.io", "2026-05-05 09:00", LastName="Second")
    records.contact("Same@nine.io ", "2026-05-04 09:00")
    records.lead("same@nine.io", "2026-05-05 09:00")


def history(records: Records) -> None:
    """What became of MQLs."""
    interested(records, "again@ten.io", ("2026-02-02 09:00", DEMO), ("2026-05-04 09:00", DEMO))
    records.lead(
        "again@ten.io",
        "2026-02-02 09:01",
        ("2026-02-03 09:00", "Closed - Not Converted"),
        ("2026-05-04 10:00", "Open - Not Contacted"),
        ("2026-05-05 10:00", "Nurture"),
        Rejection_Reason__c="no_budget",
    )
    interested(records, "lapsed@eleven.io", ("2025-06-02 09:00", PAPER), ("2026-05-04 09:00", DEMO))
    interested(records, "robot@twelve.io", ("2026-06-01 09:00", DEMO))
    records.lead(
        "robot@twelve.io", "2026-06-01 09:01", ("2026-06-01 10:00", "Working - Contacted"), by=ROBOT
    )
    interested(records, "queue@thirteen.io", ("2026-06-29 15:00", DEMO))
    records.lead("queue@thirteen.io", "2026-06-29 15:01", OwnerId=QUEUE)
    interested(records, "gone@fourteen.io", ("2026-06-01 09:00", DEMO), archived="2026-06-02 09:00")
    records.lead("gone@fourteen.io", "2026-06-01 09:01", IsDeleted=True, touched="2026-06-02 09:00")
    loser = "00Q000000000900AAA"
    winner = records.lead("merged@fifteen.io", "2026-05-01 09:00")
    records.lead(
        "old-address@fifteen.io",
        "2026-04-01 09:00",
        Id=loser,
        IsDeleted=True,
        MasterRecordId=winner,
        touched="2026-05-02 09:00",
    )
    records.contact(
        "hubspot-only@sixteen.io",
        "2026-06-01 09:00",
        touched="2026-06-02 09:00",
        hs_analytics_source="PAID_SEARCH",
        history={
            "hs_lead_status": [("2026-06-01 09:30", "NEW"), ("2026-06-02 09:00", "CONNECTED")]
        },
    )
    records.submits("hubspot-only@sixteen.io", DEMO, "2026-06-01 09:00")
    records.lead("odd@seventeen.io", "2026-06-01 09:00", ("2026-06-02 09:00", "Parked"))
    for name, source in (("web", "Web"), ("other", "Other"), ("none", None), ("fax", "Fax")):
        offline = None if name == "none" else "OFFLINE"
        records.contact(f"{name}@source.io", "2026-05-04 09:00", hs_analytics_source=offline)
        records.lead(f"{name}@source.io", "2026-05-04 09:30", LeadSource=source)


def selling(records: Records, deals: dict[str, str]) -> None:
    """What became of deals."""
    interested(records, "convert@deal.io", ("2026-03-02 09:00", DEMO))
    account = records.account("2026-03-04 09:00")
    contact = records.salesforce(
        "Contact", "2026-03-04 09:00", Email="convert@deal.io", AccountId=account, LastName="C"
    )
    deals["won"] = records.opportunity(
        "2026-03-04 09:00",
        ("2026-03-04 09:00", "Prospecting", None),
        ("2026-03-10 09:00", "Qualification", None),
        ("2026-03-20 09:00", "Proposal/Price Quote", 10000),
        ("2026-04-09 09:00", "Closed Won", 12000),
        AccountId=account,
    )
    records.role(deals["won"], contact, "2026-03-04 09:00")
    records.lead(
        "convert@deal.io",
        "2026-03-02 09:01",
        ("2026-03-04 09:00", "Closed - Converted"),
        IsConverted=True,
        ConvertedDate="2026-03-04",
        ConvertedAccountId=account,
        ConvertedContactId=contact,
        ConvertedOpportunityId=deals["won"],
    )
    # The same person asks again while a customer.
    records.submits("convert@deal.io", DEMO, "2026-05-04 09:00")

    deals["late amount"] = records.opportunity(
        "2026-02-02 09:00",
        ("2026-02-02 09:00", "Qualification", None),
        ("2026-04-01 09:00", "Needs Analysis", 9000),
    )
    deals["renewal"] = records.opportunity(
        "2026-02-02 09:00", ("2026-02-02 09:00", "Qualification", 500), Type="Renewal"
    )
    deals["never accepted"] = records.opportunity(
        "2026-02-02 09:00",
        ("2026-02-02 09:00", "Prospecting", 500),
        ("2026-03-02 09:00", "Closed Lost", 500),
    )
    deals["reopened"] = records.opportunity(
        "2026-01-05 09:00",
        ("2026-01-05 09:00", "Qualification", 700),
        ("2026-02-02 09:00", "Closed Lost", 700),
        ("2026-03-02 09:00", "Negotiation/Review", 700),
        ("2026-04-01 09:00", "Closed Won", 800),
    )
    records.salesforce(
        "DatedConversionRate",
        "2025-01-01 00:00",
        IsoCode="EUR",
        StartDate="2025-01-01",
        NextStartDate="2099-12-31",
        ConversionRate=0.8,
    )
    deals["euro"] = records.opportunity(
        "2026-05-04 09:00", ("2026-05-04 09:00", "Qualification", 8000), CurrencyIsoCode="EUR"
    )
    deals["yen"] = records.opportunity(
        "2026-05-04 09:00", ("2026-05-04 09:00", "Qualification", 8000), CurrencyIsoCode="JPY"
    )
    deals["deleted"] = records.opportunity(
        "2026-05-04 09:00",
        ("2026-05-04 09:00", "Qualification", 100),
        IsDeleted=True,
        touched="2026-05-06 09:00",
    )
    deals["lost"] = records.opportunity(
        "2026-05-04 09:00",
        ("2026-05-04 09:00", "Needs Analysis", 100),
        ("2026-06-01 09:00", "Closed Lost", 100),
        Loss_Reason__c="price",
        LeadSource="Partner Referral",
    )
    # Who led to a deal is taken off it after it was accepted into pipeline.
    interested(records, "leaver@deal.io", ("2026-03-02 09:00", DEMO))
    leaver = records.salesforce(
        "Contact",
        "2026-03-03 09:00",
        Email="leaver@deal.io",
        LastName="Leaver",
        Title="VP Engineering",
    )
    deals["left"] = records.opportunity(
        "2026-03-03 09:00", ("2026-03-03 09:00", "Qualification", 300)
    )
    records.role(deals["left"], leaver, "2026-03-03 09:00", taken_off="2026-04-01 09:00")
    # A person with an open deal asks for a demo.
    partner = records.salesforce(
        "Contact", "2026-04-01 09:00", Email="busy@deal.io", LastName="Busy"
    )
    deals["open"] = records.opportunity(
        "2026-04-01 09:00", ("2026-04-02 09:00", "Qualification", 400)
    )
    records.role(deals["open"], partner, "2026-04-01 09:00")
    interested(records, "busy@deal.io", ("2026-05-04 09:00", DEMO))
