"""HubSpot's paths. One table serves v1 to v4 and the date-based versions: the application takes
the version out of the path (`/crm/v3/objects/…`, `/crm/objects/2026-09/…`) before looking here.
"""

from __future__ import annotations

from connectors.sandbox import hubspot_associations as associations
from connectors.sandbox import hubspot_marketing as marketing
from connectors.sandbox import hubspot_objects as objects
from connectors.sandbox import hubspot_search, portal
from connectors.sandbox import hubspot_settings as settings
from connectors.sandbox.call import Call, Route

_DAILY, _INTERVAL_MS, _IN_INTERVAL = 1_000_000, 10_000, 190


def require_session(call: Call) -> None:
    """Raise HubSpot's 401 unless the bearer token opens the API."""
    header = call.headers.get("authorization", "")
    if not call.sandbox.tokens.accepts(header, is_static=True):
        raise portal.problem(
            401,
            "INVALID_AUTHENTICATION",
            "Authentication credentials not found. This API supports OAuth 2.0 authentication.",
        )


def limit_info(call: Call) -> dict[str, str]:
    """Headers that HubSpot's answers carry; those of search do not."""
    headers = {"X-HubSpot-Correlation-Id": portal.CORRELATION_ID}
    if call.path.endswith("/search"):
        return headers
    left = _DAILY - call.sandbox.counts.of_vendor("hubspot")
    return headers | {
        "X-HubSpot-RateLimit-Daily": str(_DAILY),
        "X-HubSpot-RateLimit-Daily-Remaining": str(left),
        "X-HubSpot-RateLimit-Interval-Milliseconds": str(_INTERVAL_MS),
        "X-HubSpot-RateLimit-Max": str(_IN_INTERVAL),
        "X-HubSpot-RateLimit-Remaining": str(_IN_INTERVAL - 1),
    }


_EDGES = "/crm/associations/{start}/{end}"
ROUTES = (
    Route("POST", "/oauth/token", "hubspot/token", settings.token),
    Route("GET", "/account-info/details", "hubspot/account", settings.account),
    Route("GET", "/account-info/api-usage/daily", "hubspot/account", settings.api_usage),
    Route(
        "GET", "/account-info/api-usage/daily/private-apps", "hubspot/account", settings.api_usage
    ),
    Route("GET", "/crm/objects/{obj}", "hubspot/list", objects.list_objects),
    Route("POST", "/crm/objects/{obj}/search", "hubspot/search", hubspot_search.search),
    Route("POST", "/crm/objects/{obj}/merge", "hubspot/merge", objects.merge),
    Route("POST", "/crm/objects/{obj}/batch/read", "hubspot/batch_read", objects.batch_read),
    Route("GET", "/crm/objects/{obj}/{record_id}", "hubspot/read", objects.read_object),
    Route(
        "GET",
        "/crm/objects/{start}/{record_id}/associations/{end}",
        "hubspot/associations",
        associations.of_record,
    ),
    Route("POST", f"{_EDGES}/batch/read", "hubspot/associations", associations.batch_read),
    Route("GET", f"{_EDGES}/labels", "hubspot/association_labels", associations.labels),
    Route("GET", "/crm/owners", "hubspot/owners", settings.owners),
    Route("GET", "/crm/owners/{owner_id}", "hubspot/owners", settings.owner),
    Route("GET", "/crm/pipelines/{obj}", "hubspot/pipelines", settings.pipelines),
    Route("GET", "/crm/pipelines/{obj}/{pipeline_id}", "hubspot/pipelines", settings.pipeline),
    Route("GET", "/crm/pipelines/{obj}/{pipeline_id}/stages", "hubspot/pipelines", settings.stages),
    Route("GET", "/crm/properties/{obj}", "hubspot/properties", settings.properties),
    Route("GET", "/crm/properties/{obj}/{name}", "hubspot/properties", settings.read_property),
    Route("GET", "/properties/{obj}/properties", "hubspot/properties", settings.bare_properties),
    Route("GET", "/{obj}/properties", "hubspot/properties", settings.bare_properties),
    Route("GET", "/crm/schemas", "hubspot/schemas", settings.schemas),
    Route("GET", "/crm-object-schemas/schemas", "hubspot/schemas", settings.schemas),
    Route("POST", "/crm/lists/search", "hubspot/lists", marketing.search_lists),
    Route("GET", "/crm/lists/{list_id}", "hubspot/lists", marketing.read_list),
    Route("GET", "/crm/lists/{list_id}/memberships", "hubspot/memberships", marketing.memberships),
    Route("GET", "/marketing/forms", "hubspot/forms", marketing.forms),
    Route("GET", "/marketing/forms/{form_id}", "hubspot/forms", marketing.form),
    Route("GET", "/marketing/emails", "hubspot/marketing_emails", marketing.emails),
    Route("GET", "/marketing/emails/{email_id}", "hubspot/marketing_emails", marketing.email),
    Route("GET", "/marketing/campaigns", "hubspot/campaigns", marketing.campaigns),
    Route("GET", "/marketing/campaigns/{campaign_id}", "hubspot/campaigns", marketing.campaign),
    Route(
        "GET",
        "/form-integrations/submissions/forms/{form_id}",
        "hubspot/form_submissions",
        marketing.submissions,
    ),
    Route("GET", "/email/public/events", "hubspot/email_events", marketing.email_events),
)
