"""Where everything is at HubSpot: one table of API version per endpoint.

HubSpot replaces v1 to v4 by date-based paths (`/crm/objects/2026-09/contacts`); an endpoint moves
by changing its line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

PATHS: Mapping[str, str] = {
    "account": "/account-info/v3/details",
    "objects": "/crm/v3/objects/{type}",
    "search": "/crm/v3/objects/{type}/search",
    "batch_read": "/crm/v3/objects/{type}/batch/read",
    "properties": "/crm/v3/properties/{type}",
    "associations": "/crm/v4/associations/{type}/{to}/batch/read",
    "owners": "/crm/v3/owners",
    "pipelines": "/crm/v3/pipelines/{type}",
    "lists": "/crm/v3/lists/search",
    "forms": "/marketing/v3/forms",
    "campaigns": "/marketing/v3/campaigns",
    # These two have no successor yet.
    "form_submissions": "/form-integrations/v1/submissions/forms/{id}",
    "email_events": "/email/public/v1/events",
}


def path_of(endpoint: str, **parts: str) -> str:
    """Fill an endpoint's path; what is filled in is quoted."""
    return PATHS[endpoint].format(**{name: quote(text, safe="") for name, text in parts.items()})
