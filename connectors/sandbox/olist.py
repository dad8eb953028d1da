"""Convert the public Olist marketing funnel into records of both vendors.

    python -m connectors.sandbox.olist SOURCE_DIR TARGET_DIR
    onefunnel sandbox serve --load TARGET_DIR

The source is three CSV files of a Brazilian marketplace: qualified leads, closed deals, sellers.
What belongs here: how each row becomes vendor records. What does not: any judgement of them.

- A lead is a HubSpot contact and one submission of the form `Request a demo` at its first contact
  date (the source has no time: 00:00 UTC). Its e-mail is made up, on a domain of its own, so that
  no two leads are taken for one person or one company.
- `origin` becomes `hs_analytics_source`. An empty origin stays empty; the vendor's own `unknown`
  is `OFFLINE` without a drill-down. The origin itself is kept in `hs_analytics_source_data_1`.
- A closed deal is a Salesforce account, contact and opportunity, joined by a primary contact role.
  The opportunity is created a minute after the first contact and won at `won_date`. One deal was
  won before its first contact; it has that one stage, at that time, and is kept.
- Industry, size and country are unknown and stay empty; a seller's state is kept. Amounts are the
  declared monthly revenue, taken as they stand as reporting currency.
"""

from __future__ import annotations

import csv
import json
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from connectors.sandbox.company.ids import salesforce_id

Record = dict[str, object]
Rows = Iterator[tuple[str, Record]]

LEADS = "olist_marketing_qualified_leads_dataset.csv"
DEALS = "olist_closed_deals_dataset.csv"
SELLERS = "olist_sellers_dataset.csv"

SOURCES = {
    "organic_search": "ORGANIC_SEARCH",
    "paid_search": "PAID_SEARCH",
    "social": "SOCIAL_MEDIA",
    "direct_traffic": "DIRECT_TRAFFIC",
    "email": "EMAIL_MARKETING",
    "referral": "REFERRALS",
    "display": "OTHER_CAMPAIGNS",
    "other_publicities": "OTHER_CAMPAIGNS",
    "other": "OTHER_CAMPAIGNS",
    "unknown": "OFFLINE",
}
FORM_ID = "0a7f2c52-6a3b-4c1d-9a53-0f1e57a0d001"
_NAMESPACE = uuid.UUID(FORM_ID)
_FIRST_CONTACT_ID = 10_001


def convert(source: Path, target: Path) -> dict[str, int]:
    """Write one JSON-lines file an object into `target`; give the number of rows of each."""
    leads = _read(source / LEADS, ("mql_id", "first_contact_date", "origin"))
    deals = _read(source / DEALS, ("mql_id", "seller_id", "won_date", "sr_id"))
    states = {
        row["seller_id"]: row["seller_state"]
        for row in _read(source / SELLERS, ("seller_id", "seller_state"))
    }
    files: dict[str, list[Record]] = {"hubspot/forms": [_form(leads)]}
    for rows in (_people(leads, deals), _sales(leads, deals, states), _users(leads, deals)):
        for name, record in rows:
            files.setdefault(name, []).append(record)
    for name, records in files.items():
        path = target / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        path.write_text("".join(lines), encoding="utf-8")
    return {name: len(records) for name, records in files.items()}


def _people(leads: list[dict[str, str]], deals: list[dict[str, str]]) -> Rows:
    """HubSpot's side: a contact and a form submission a lead."""
    deal_numbers = {deal["mql_id"]: n for n, deal in enumerate(deals, start=1)}
    for number, lead in enumerate(leads):
        first_contact = _first_contact(lead)
        at = _iso(first_contact)
        origin = lead["origin"].strip()
        source = SOURCES.get(origin, origin) or None
        deal_number = deal_numbers.get(lead["mql_id"])
        contact_id = str(_FIRST_CONTACT_ID + number)
        email = f"mql@{lead['mql_id']}.example"
        detail = origin if origin not in ("", "unknown") else None
        properties = {
            "hs_object_id": contact_id,
            "email": email,
            "lastname": f"Lead {lead['mql_id'][:8]}",
            "createdate": at,
            "lastmodifieddate": at,
            "hs_analytics_source": source,
            "hs_analytics_source_data_1": detail,
            "salesforcecontactid": deal_number and salesforce_id("Contact", deal_number),
        }
        history = [{"value": source, "timestamp": at, "sourceType": "ANALYTICS"}]
        yield (
            "hubspot/contacts",
            {
                "id": contact_id,
                "properties": properties,
                "propertiesWithHistory": {"hs_analytics_source": history if source else []},
                "createdAt": at,
                "updatedAt": at,
                "archived": False,
            },
        )
        yield (
            "hubspot/form_submissions",
            {
                "formId": FORM_ID,
                "conversionId": str(uuid.uuid5(_NAMESPACE, lead["mql_id"])),
                "submittedAt": int(first_contact.timestamp() * 1000),
                "pageUrl": f"https://olist.example/lp/{lead.get('landing_page_id', '')}",
                "values": [{"name": "email", "value": email, "objectTypeId": "0-1"}],
            },
        )


def _sales(
    leads: list[dict[str, str]], deals: list[dict[str, str]], states: dict[str, str]
) -> Rows:
    """Salesforce's side: account, contact, opportunity, role and stage history a closed deal."""
    by_id = {lead["mql_id"]: lead for lead in leads}
    users = {user: salesforce_id("User", n) for n, user in enumerate(_user_names(deals), start=1)}
    for number, deal in enumerate(deals, start=1):
        lead = by_id[deal["mql_id"]]
        created = _first_contact(lead) + timedelta(minutes=1)
        won = datetime.fromisoformat(deal["won_date"] + "+00:00")
        owner = users[deal["sr_id"]]
        name = f"Seller {deal['seller_id'][:8]}"
        ids = {obj: salesforce_id(obj, number) for obj in ("Account", "Contact", "Opportunity")}
        amount = float(deal.get("declared_monthly_revenue") or "nan")
        stages = [("Qualification", created)] if created < won else []
        stages.append(("Closed Won", won))
        stamp = {"CreatedDate": _sf(created), "CreatedById": owner, "IsDeleted": False}
        new = {**stamp, "LastModifiedDate": _sf(created), "SystemModstamp": _sf(created)}
        last = max(created, won)
        closed = {**stamp, "LastModifiedDate": _sf(last), "SystemModstamp": _sf(last)}
        opportunity = {
            "Id": ids["Opportunity"],
            "AccountId": ids["Account"],
            "ContactId": ids["Contact"],
            "Name": f"{name} - first listing",
            "StageName": "Closed Won",
            "IsClosed": True,
            "IsWon": True,
            "Amount": None if amount != amount else amount,
            "CurrencyIsoCode": "USD",
            "CloseDate": won.date().isoformat(),
            "Type": "New Business",
            "LeadSource": None,
            "OwnerId": owner,
        }
        state = states.get(deal["seller_id"])
        account = {"Id": ids["Account"], "Name": name, "OwnerId": owner, "BillingState": state}
        contact = {
            "Id": ids["Contact"],
            "AccountId": ids["Account"],
            "LastName": f"Lead {deal['mql_id'][:8]}",
            "Email": f"mql@{deal['mql_id']}.example",
            "LeadSource": "Other" if lead["origin"].strip() == "unknown" else None,
            "OwnerId": owner,
        }
        role = {
            "Id": salesforce_id("OpportunityContactRole", number),
            "OpportunityId": ids["Opportunity"],
            "ContactId": ids["Contact"],
            "IsPrimary": True,
            "Role": "Decision Maker",
        }
        segment = deal.get("business_segment") or None
        yield "salesforce/Account", {**account, "Business_Segment__c": segment, **new}
        yield "salesforce/Contact", {**contact, **new}
        yield "salesforce/OpportunityContactRole", {**role, **new}
        yield "salesforce/Opportunity", {**opportunity, **closed}
        yield from _stage_rows(number, stages, opportunity, owner)


def _stage_rows(
    number: int, stages: list[tuple[str, datetime]], opportunity: Record, owner: str
) -> Rows:
    """Both of Salesforce's stage histories; the first row is the state at creation."""
    before = None
    for step, (stage, at) in enumerate(stages):
        row = {"OpportunityId": opportunity["Id"], "CreatedDate": _sf(at), "CreatedById": owner}
        yield (
            "salesforce/OpportunityHistory",
            {
                "Id": salesforce_id("OpportunityHistory", number * 2 + step),
                **row,
                "StageName": stage,
                "Amount": opportunity["Amount"],
                "CurrencyIsoCode": opportunity["CurrencyIsoCode"],
                "CloseDate": opportunity["CloseDate"],
                "SystemModstamp": _sf(at),
                "IsDeleted": False,
            },
        )
        yield (
            "salesforce/OpportunityFieldHistory",
            {
                "Id": salesforce_id("OpportunityFieldHistory", number * 2 + step),
                **row,
                "Field": "StageName" if before else "created",
                "OldValue": before,
                "NewValue": stage if before else None,
                "IsDeleted": False,
            },
        )
        before = stage


def _users(leads: list[dict[str, str]], deals: list[dict[str, str]]) -> Rows:
    """One Salesforce user a sales representative, since before the first lead."""
    since = _sf(min(map(_first_contact, leads)))
    for number, user in enumerate(_user_names(deals), start=1):
        yield (
            "salesforce/User",
            {
                "Id": salesforce_id("User", number),
                "Username": f"{user}@olist.example",
                "Name": f"Representative {user[:8]}",
                "LastName": user[:8],
                "Department": "Sales",
                "UserType": "Standard",
                "IsActive": True,
                "CreatedDate": since,
                "LastModifiedDate": since,
                "SystemModstamp": since,
            },
        )


def _form(leads: list[dict[str, str]]) -> Record:
    since = _iso(min(map(_first_contact, leads)))
    return {
        "id": FORM_ID,
        "name": "Request a demo",
        "formType": "hubspot",
        "createdAt": since,
        "updatedAt": since,
        "archived": False,
        "fieldGroups": [{"fields": [{"name": "email", "label": "E-mail", "required": True}]}],
    }


def _user_names(deals: list[dict[str, str]]) -> list[str]:
    return sorted({deal["sr_id"] for deal in deals})


def _first_contact(lead: dict[str, str]) -> datetime:
    return datetime.fromisoformat(lead["first_contact_date"] + "T00:00:00+00:00")


def _read(path: Path, required: tuple[str, ...]) -> list[dict[str, str]]:
    if not path.is_file():
        raise SystemExit(f"{path}: not found; SOURCE_DIR must hold {LEADS}, {DEALS}, {SELLERS}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [field for field in required if not rows or field not in rows[0]]
    if missing:
        raise SystemExit(f"{path}: column(s) {', '.join(missing)} missing; is it the Olist file?")
    return rows


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _sf(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python -m connectors.sandbox.olist SOURCE_DIR TARGET_DIR")
    for file_name, count in sorted(convert(Path(sys.argv[1]), Path(sys.argv[2])).items()):
        print(f"{count:>7,}  {file_name}.jsonl")
