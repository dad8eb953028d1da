"""Companies unlike the demonstration: nobody yet, a day old, one source for ten years, 300 sources.

Each is a handful of hand-made records; judged as of Tuesday 2026-06-30 12:00 UTC.
"""

from itertools import cycle

from connectors.sandbox.world import World
from tests.company_of_cases import AS_OF, DEMO, PAPER, interested
from tests.records import Records, moment

SOURCES = 300
YEARS = 10


def nobody() -> World:
    """Users and a queue, and no customer yet."""
    return _until_now(Records())


def one_day() -> World:
    """Everything happened this morning."""
    records = Records("2026-06-30 06:00")
    for number in range(12):
        email = f"visitor@first{number}.io"
        visit = (f"2026-06-30 08:{number:02d}", DEMO)
        interested(records, email, visit, hs_analytics_source="DIRECT_TRAFFIC")
        answered = [(f"2026-06-30 09:{number:02d}", "Working - Contacted")] if number % 2 else []
        records.lead(email, f"2026-06-30 08:{number:02d}", *answered, LeadSource="Web")
    records.opportunity(
        "2026-06-30 10:00", ("2026-06-30 10:00", "Qualification", 5000), LeadSource="Web"
    )
    return _until_now(records)


def one_source() -> World:
    """Ten years, each month two people and a deal, all from the web."""
    records = Records("2016-01-01 00:00")
    ends = cycle(("Closed Won", "Closed Lost", "Closed Won"))
    for year in range(2026 - YEARS, 2027):
        for month in range(1, 13 if year < 2026 else 6):
            at = f"{year}-{month:02d}"
            for number, form in enumerate((DEMO, PAPER)):
                email = f"person{number}@of{year}x{month}.io"
                visit = (f"{at}-05 09:00", form)
                interested(records, email, visit, hs_analytics_source="DIRECT_TRAFFIC")
                records.lead(
                    email, f"{at}-05 09:05", (f"{at}-06 09:00", "Working - Contacted"),
                    LeadSource="Web",
                )  # fmt: skip
            _deal(records, at, next(ends), 1000 + 10 * year, "Web")
    return _until_now(records)


def many_sources() -> World:
    """300 sources as `mapped` maps them: few have many deals, most have one person."""
    records = Records()
    for number in range(SOURCES):
        name = source(number)
        for copy in range(max(1, 24 - number)):
            month = 1 + (number + copy) % 5
            at = f"2026-{month:02d}"
            email = f"person{copy}@of{number}.io"
            records.submits(email, DEMO, f"{at}-05 09:00")
            records.lead(
                email, f"{at}-05 08:00", (f"{at}-06 09:00", "Working - Contacted"), LeadSource=name
            )
            if copy % 2 == 0:
                end = "Closed Won" if copy % 4 else "Closed Lost"
                _deal(records, at, end, 1000 * (1 + copy), name)
    return _until_now(records)


def source(number: int) -> str:
    """A name as a company with an agency would give it."""
    kinds = ("Trade fair", "Newsletter", "Reseller", "Podcast", "Directory")
    return f"{kinds[number % 5]} no. {number + 1} of the region Rhine-Main"


def mapped() -> str:
    """The lines of `source_mapping.csv` that give each of the 300 its own source."""
    teams = ("marketing", "marketing", "partner", "sales", "marketing")
    return "".join(
        f"salesforce,{source(number)},,{source(number)},{source(number)},{teams[number % 5]},,\n"
        for number in range(SOURCES)
    )


def _deal(records: Records, month: str, end: str, amount: float, name: str) -> None:
    records.opportunity(
        f"{month}-08 09:00",
        (f"{month}-08 09:00", "Qualification", None),
        (f"{month}-12 09:00", "Proposal/Price Quote", amount),
        (f"{month}-28 09:00", end, amount),
        LeadSource=name,
        **({"Loss_Reason__c": "price"} if end == "Closed Lost" else {}),
    )


def _until_now(records: Records) -> World:
    records.world.advance_to(moment(AS_OF))
    return records.world
