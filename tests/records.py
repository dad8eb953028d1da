"""Vendor records by hand: short words for a person, a form, a lead's history, a deal.

Each method adds records in the vendors' own shape to a World and returns the id. Times are text
like `2026-05-04 09:00` (UTC); days are `2026-05-04`.
"""

from datetime import UTC, datetime
from itertools import count

from connectors.sandbox.world import World

USER, SECOND_USER, ROBOT, QUEUE = (
    "005000000000001AAA",
    "005000000000002AAA",
    "005000000000009AAA",
    "00G000000000001AAA",
)
PREFIX = {
    "Lead": "00Q",
    "Contact": "003",
    "Account": "001",
    "Opportunity": "006",
    "OpportunityContactRole": "00K",
    "LeadHistory": "017",
    "OpportunityHistory": "008",
    "AccountHistory": "017",
    "Task": "00T",
    "DatedConversionRate": "04w",
}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def iso(text: str) -> str:
    return moment(text).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class Records:
    """A small company, record by record."""

    def __init__(self, begun: str = "2025-01-01 00:00") -> None:
        self.world = World()
        self.begun = begun
        self._numbers = count(1)
        for user, name, kind in (
            (USER, "Ada Seller", "Standard"),
            (SECOND_USER, "Ben Seller", "Standard"),
            (ROBOT, "Marketing Sync", "AutomatedProcess"),
        ):
            self.salesforce(
                "User",
                begun,
                Id=user,
                Name=name,
                Username=f"{user}@vendor-side.io",
                Email=f"{user}@vendor-side.io",
                UserType=kind,
                IsActive=True,
            )
        self.salesforce(
            "Group", begun, Id=QUEUE, Name="Inbound", DeveloperName="Inbound", Type="Queue"
        )

    def salesforce(self, obj: str, at: str, *, touched: str | None = None, **fields) -> str:
        key = fields.pop("Id", None) or f"{PREFIX.get(obj, '0XX')}{next(self._numbers):012d}AAA"
        stamps = {"CreatedDate": iso(at), "CreatedById": USER, "IsDeleted": False}
        if not obj.endswith("History") or obj == "OpportunityHistory":
            stamps |= {"SystemModstamp": iso(touched or at), "LastModifiedDate": iso(touched or at)}
        self.world.add("salesforce", obj, {"Id": key, **stamps, **fields})
        return key

    def form(self, name: str) -> str:
        key = f"form-{name.lower().replace(' ', '-')}"
        if self.world.table("hubspot", "forms").get(key) is None:
            self.world.add(
                "hubspot",
                "forms",
                {
                    "id": key,
                    "name": name,
                    "formType": "hubspot",
                    "createdAt": iso(self.begun),
                    "updatedAt": iso(self.begun),
                    "archived": False,
                },
            )
        return key

    def submits(
        self, email: str, form: str, at: str, page: str = "https://vendor-side.io/"
    ) -> None:
        self.world.add(
            "hubspot",
            "form_submissions",
            {
                "formId": self.form(form),
                "conversionId": f"submission-{next(self._numbers)}",
                "submittedAt": int(moment(at).timestamp() * 1000),
                "pageUrl": page,
                "values": [{"name": "email", "value": email, "objectTypeId": "0-1"}],
            },
        )

    def contact(
        self,
        email: str | None,
        at: str,
        *,
        history=None,
        touched=None,
        archived=None,
        **properties,
    ) -> str:
        """A HubSpot contact. history: {property: [(time, value), …]}; archived: since when."""
        key = str(10_000 + next(self._numbers))
        listed = {
            name: [
                {
                    "value": value,
                    "timestamp": iso(when),
                    "sourceType": "CRM_UI",
                    "sourceId": "userId:1",
                }
                for when, value in reversed(values)
            ]
            for name, values in (history or {}).items()
        }
        self.world.add(
            "hubspot",
            "contacts",
            {
                "id": key,
                "properties": {
                    "hs_object_id": key,
                    "email": email,
                    "createdate": iso(at),
                    "lastmodifieddate": iso(touched or at),
                    **{name: entries[0]["value"] for name, entries in listed.items()},
                    **properties,
                },
                "propertiesWithHistory": listed,
                "createdAt": iso(at),
                "updatedAt": iso(touched or at),
                "archived": archived is not None,
                **({"archivedAt": iso(archived)} if archived else {}),
            },
        )
        return key

    def lead(
        self, email: str | None, at: str, *statuses: tuple[str, str], by: str = USER, **fields
    ) -> str:
        """A Salesforce lead and its status history: (time, status) after `Open - Not Contacted`."""
        fields = {"OwnerId": USER, "LastName": "Person", "Company": "Company", **fields}
        last_at = statuses[-1][0] if statuses else at
        key = self.salesforce(
            "Lead",
            at,
            touched=fields.pop("touched", last_at),
            Email=email,
            **{"Status": statuses[-1][1] if statuses else "Open - Not Contacted", **fields},
        )
        self.salesforce("LeadHistory", at, LeadId=key, Field="created", CreatedById=by)
        before = "Open - Not Contacted"
        for when, status in statuses:
            self.salesforce(
                "LeadHistory",
                when,
                LeadId=key,
                Field="Status",
                OldValue=before,
                NewValue=status,
                CreatedById=by,
            )
            before = status
        return key

    def account(self, at: str, **fields) -> str:
        return self.salesforce("Account", at, **{"Name": "Company", "OwnerId": USER, **fields})

    def opportunity(self, at: str, *stages: tuple[str, str, float | None], **fields) -> str:
        """A Salesforce opportunity. stages: (time, stage, amount), the first at creation."""
        currency = fields.get("CurrencyIsoCode", "USD")
        when, stage, amount = stages[-1]
        key = self.salesforce(
            "Opportunity",
            at,
            touched=fields.pop("touched", when),
            **{
                "Name": "Deal",
                "Type": "New Business",
                "StageName": stage,
                "Amount": amount,
                "CurrencyIsoCode": currency,
                "CloseDate": when[:10],
                "IsClosed": stage.startswith("Closed"),
                "IsWon": stage == "Closed Won",
                "OwnerId": USER,
                **fields,
            },
        )
        for when, stage, amount in stages:
            self.salesforce(
                "OpportunityHistory",
                when,
                OpportunityId=key,
                StageName=stage,
                Amount=amount,
                CurrencyIsoCode=currency,
                CloseDate=fields.get("CloseDate", stages[-1][0][:10]),
            )
        return key

    def role(
        self,
        opportunity: str,
        contact: str,
        at: str,
        *,
        primary: bool = True,
        taken_off: str | None = None,
    ) -> str:
        return self.salesforce(
            "OpportunityContactRole",
            at,
            touched=taken_off,
            IsDeleted=taken_off is not None,
            OpportunityId=opportunity,
            ContactId=contact,
            IsPrimary=primary,
            Role="Decision Maker",
        )
