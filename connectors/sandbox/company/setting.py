"""When the simulated company lives, how big it is and where it works: the numbers to change first.

Word lists are in `vocabulary`; how people behave is in `journey` and `deals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START_CLOCK = datetime(2026, 6, 30, 12, tzinfo=UTC)
BEGIN = datetime(2024, 1, 1, 8, tzinfo=UTC)  # 30 months before START_CLOCK
END = START_CLOCK + timedelta(days=90)
# Field history was switched on when the company moved to this CRM; older changes are lost.
TRACKING_SINCE = datetime(2024, 3, 18, tzinfo=UTC)

# The company itself, and those it competes with.
OWN_NAME = "Cloudfern"
OWN_DOMAIN = "cloudfern.example"
COMPETITORS = {
    "Rivalworks": "rivalworks.example",
    "Altus Suite": "altus-suite.example",
    "Northgrid": "northgrid.example",
}
PARTNER_DOMAINS = ("keelpoint-partners.example", "osprey-consulting.example")
# Both teams leave partners out since then (seeds/exclusions/exclusion_rule.csv).
PARTNERS_LEFT_OUT_FROM = datetime(2026, 1, 5, tzinfo=UTC)

# The qualification bar at which marketing hands a person to sales (as first agreed).
SCORE_BAR = 50
SCORE_DAYS = 30
SAME_KIND_MAX = 3
LAPSE_DAYS = 180


@dataclass(frozen=True)
class Size:
    """How many people come in over the whole timeline, and how many accounts there are."""

    people: int
    accounts: int
    legacy_customers: int


SIZES = {
    "small": Size(people=150, accounts=60, legacy_customers=3),
    "demo": Size(people=6000, accounts=1900, legacy_customers=45),
}


def size_of(name: str) -> Size:
    """Look a size up by name."""
    if name not in SIZES:
        raise ValueError(f"size {name!r} is unknown; use one of {', '.join(SIZES)}")
    return SIZES[name]


def is_workday(moment: datetime) -> bool:
    """Monday to Friday; the simulated company keeps no holidays."""
    return moment.weekday() < 5


def next_work(moment: datetime) -> datetime:
    """Give the moment itself, or the start of the next working time (9 to 17, UTC)."""
    if not is_workday(moment) or moment.hour >= 17:
        moment = (moment + timedelta(days=1)).replace(hour=9, minute=0, second=0)
        while not is_workday(moment):
            moment += timedelta(days=1)
    elif moment.hour < 9:
        moment = moment.replace(hour=9, minute=0, second=0)
    return moment


def work_seconds(moment: datetime) -> int:
    """Working seconds from BEGIN's day until a moment."""
    start = BEGIN.replace(hour=0, minute=0, second=0)
    days = (moment - start).days
    weeks, rest = divmod(days, 7)
    full = weeks * 5 + sum(is_workday(start + timedelta(days=n)) for n in range(rest))
    today = 0.0
    if is_workday(moment):
        opens = moment.replace(hour=9, minute=0, second=0, microsecond=0)
        today = min(max((moment - opens).total_seconds(), 0), 8 * 3600)
    return full * 8 * 3600 + int(today)


def workdays_later(moment: datetime, days: int) -> datetime:
    """Closing time of the n-th working day after a moment's day."""
    day = moment
    while days:
        day += timedelta(days=1)
        days -= is_workday(day)
    return day.replace(hour=17, minute=0, second=0, microsecond=0)


def after_work_minutes(moment: datetime, minutes: float) -> datetime:
    """Add working minutes: a Friday-evening lead answered after an hour is answered on Monday."""
    moment = next_work(moment)
    left = timedelta(minutes=minutes)
    while True:
        until_close = moment.replace(hour=17, minute=0, second=0) - moment
        if left <= until_close:
            return (moment + left).replace(microsecond=0)
        left -= until_close
        moment = next_work(moment.replace(hour=17, minute=0, second=0))
