"""Where everything is at HubSpot: one table of API version per endpoint, one switch.

HubSpot ends v4 on 30 March 2027 and v1 to v3 in September 2027; date-based paths replace them.
`HUBSPOT_API_VERSION` chooses the column; a path that has no dated successor yet stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

CLASSIC, DATED = "v3", "2026-09"
VERSIONS = (CLASSIC, DATED)


class Path(NamedTuple):
    """A path as it is until 2027, and its successor where there is one."""

    classic: str
    dated: str = ""


PATHS: Mapping[str, Path] = {
    "account": Path("/account-info/v3/details", "/account-info/2026-09/details"),
    "usage": Path("/account-info/v3/api-usage/daily/private-apps"),
    "objects": Path("/crm/v3/objects/{type}", "/crm/objects/2026-09/{type}"),
    "search": Path("/crm/v3/objects/{type}/search", "/crm/objects/2026-09/{type}/search"),
    "batch_read": Path(
        "/crm/v3/objects/{type}/batch/read", "/crm/objects/2026-09/{type}/batch/read"
    ),
    "properties": Path("/crm/v3/properties/{type}", "/crm/properties/2026-09/{type}"),
    "associations": Path(
        "/crm/v4/associations/{type}/{to}/batch/read",
        "/crm/associations/2026-09/{type}/{to}/batch/read",
    ),
    "owners": Path("/crm/v3/owners", "/crm/owners/2026-09"),
    "pipelines": Path("/crm/v3/pipelines/{type}", "/crm/pipelines/2026-09/{type}"),
    "lists": Path("/crm/v3/lists/search", "/crm/lists/2026-09/search"),
    "memberships": Path("/crm/v3/lists/{id}/memberships", "/crm/lists/2026-09/{id}/memberships"),
    "marketing_emails": Path("/marketing/v3/emails", "/marketing/emails/2026-09"),
    "campaigns": Path("/marketing/v3/campaigns", "/marketing/campaigns/2026-09"),
    # The dated version of forms is a beta; the next two have no successor yet.
    "forms": Path("/marketing/v3/forms"),
    "form_submissions": Path("/form-integrations/v1/submissions/forms/{id}"),
    "email_events": Path("/email/public/v1/events"),
}


def path_of(endpoint: str, version: str = CLASSIC, **parts: str) -> str:
    """Fill an endpoint's path; what is filled in is quoted."""
    both = PATHS[endpoint]
    path = (both.dated or both.classic) if version == DATED else both.classic
    return path.format(**{name: quote(text, safe="") for name, text in parts.items()})
