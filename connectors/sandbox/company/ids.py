"""Record ids as the vendors write them: Salesforce's 18 characters, HubSpot's numbers.

Only the spelling of ids belongs here; which record gets which id is decided by its maker.
"""

from __future__ import annotations

import string
from collections import defaultdict
from functools import lru_cache

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECK = string.ascii_uppercase + "012345"

# Key prefixes, as every Salesforce organisation has them.
PREFIXES = {
    "Lead": "00Q",
    "Contact": "003",
    "Account": "001",
    "Opportunity": "006",
    "OpportunityContactRole": "00K",
    "OpportunityHistory": "008",
    "OpportunityFieldHistory": "017",
    "LeadHistory": "00O",
    "ContactHistory": "03H",
    "AccountHistory": "016",
    "Campaign": "701",
    "CampaignMember": "00v",
    "Task": "00T",
    "Event": "00U",
    "User": "005",
    "Group": "00G",
    "GroupMember": "011",
    "RecordType": "012",
    "OpportunityStage": "01J",
    "LeadStatus": "01H",
    "CurrencyType": "01L",
    "DatedConversionRate": "04w",
    "Organization": "00D",
    "Profile": "00e",
    "UserRole": "00E",
}


def salesforce_id(obj: str, number: int) -> str:
    """Give the 18-character id of the `number`-th record of one object."""
    body = ""
    while number:
        number, digit = divmod(number, 62)
        body = _BASE62[digit] + body
    id15 = PREFIXES[obj] + "5e000" + body.rjust(7, "0")
    return id15 + _check(id15[:5]) + _check(id15[5:10]) + _check(id15[10:])


@lru_cache(maxsize=65_536)
def _check(part: str) -> str:
    """One of the three characters that make an id safe where case is lost."""
    return _CHECK[sum(1 << place for place, letter in enumerate(part) if letter.isupper())]


class IdCounter:
    """Hands out ids in order of asking, so that one seed always gives the same ids."""

    def __init__(self) -> None:
        self._salesforce: dict[str, int] = defaultdict(int)
        self._hubspot = 90_000_000_000

    def salesforce(self, obj: str) -> str:
        """Give the next id of a Salesforce object."""
        self._salesforce[obj] += 1
        return salesforce_id(obj, self._salesforce[obj])

    def hubspot(self) -> str:
        """Give the next HubSpot id; HubSpot numbers all objects from one sequence here."""
        self._hubspot += 137
        return str(self._hubspot)
