"""A record's page, where each vendor's own application would show it: the end of a link from a
dashboard. Plain HTML, everything escaped; the local CRM asks nobody to log in.
"""

from __future__ import annotations

from html import escape

from connectors.sandbox.call import Answer, ApiProblem, Call, Route

# HubSpot's numbers of object types in addresses.
HUBSPOT_TYPES = {"0-1": "contacts", "0-2": "companies", "0-3": "deals"}


def _page(call: Call, vendor: str, obj: str, record_id: str) -> Answer:
    found = call.sandbox.world.table(vendor, obj).get(record_id)
    if found is None:
        raise ApiProblem(404, {"error": f"the local CRM has no {obj} {record_id}"})
    fields = found.get("properties", found) if vendor == "hubspot" else found
    rows = "".join(
        f"<tr><th>{escape(str(name))}</th><td>{escape(str(value))}</td></tr>"
        for name, value in sorted(fields.items())
        if value not in (None, "") and not isinstance(value, dict | list)
    )
    title = escape(f"{obj} {record_id}")
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>A record of the local CRM.</p><table>{rows}</table></html>"
    )
    policy = {"Content-Security-Policy": "default-src 'none'"}
    return Answer(200, text.encode(), policy, media_type="text/html;charset=UTF-8")


def salesforce(call: Call, obj: str, record_id: str) -> Answer:
    """Show a Salesforce record as Lightning would."""
    return _page(call, "salesforce", obj, record_id)


def hubspot(call: Call, portal: str, kind: str, record_id: str) -> Answer:
    """Show a HubSpot record as its application would."""
    return _page(call, "hubspot", HUBSPOT_TYPES.get(kind, kind), record_id)


ROUTES = (
    Route("GET", "/lightning/r/{obj}/{record_id}/view", "page/salesforce", salesforce),
    Route("GET", "/contacts/{portal}/record/{kind}/{record_id}", "page/hubspot", hubspot),
)
