"""Links to records in the CRMs: only from a configured address and an id that looks like one.

Who may see a record is the CRM's to say; the site holds its id and nothing else of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_IDS = {
    "salesforce": re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?"),
    "hubspot": re.compile(r"[0-9]{1,20}"),
}
_OBJECTS = {
    "salesforce": {"Lead": "Lead", "Contact": "Contact", "Account": "Account",
                   "Opportunity": "Opportunity"},
    "hubspot": {"contacts": "0-1", "companies": "0-2", "deals": "0-3"},
}  # fmt: skip
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
SETTING = {"salesforce": "SALESFORCE_WEB_URL", "hubspot": "HUBSPOT_WEB_URL"}
NOWHERE: Mapping[str, str] = {}


def address(crm: Mapping[str, str], system: str, kind: str, record_id: str) -> str | None:
    """Where a record is shown; None without a configured address or for an unlikely id."""
    base, place = crm.get(system), _OBJECTS.get(system, {}).get(kind)
    if not base or not place or not _IDS[system].fullmatch(record_id):
        return None
    if system == "salesforce":
        return f"{base}/lightning/r/{place}/{record_id}/view"
    return f"{base}/record/{place}/{record_id}"


def checked(crm: Mapping[str, str]) -> Mapping[str, str]:
    """The addresses without a slash at the end; anything but https, or loopback, is refused."""
    for system, base in crm.items():
        parts = urlsplit(base)
        is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if system not in SETTING or not (is_local or parts.scheme == "https") or not parts.hostname:
            raise ValueError(
                f"{SETTING.get(system, system)} is no https address: links to records would lead "
                "anywhere; set it to where people open the CRM"
            )
    return {system: base.rstrip("/") for system, base in crm.items()}


def is_record(crm: Mapping[str, str], link: str) -> bool:
    """Whether an address on a page is one that `address` would give."""
    for system, base in crm.items():
        if link.startswith(f"{base}/"):
            rest = link[len(base) + 1 :].removeprefix("lightning/r/").removeprefix("record/")
            kind, _, last = rest.partition("/")
            kinds = {place: kind for kind, place in _OBJECTS[system].items()}
            record_id = last.removesuffix("/view")
            return link == address(crm, system, kinds.get(kind, ""), record_id)
    return False
