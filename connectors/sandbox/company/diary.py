"""What really happens, noted at the moment when it happens: the simulated company's own memory.

Nothing here is read by an API or a model. A diary is complete where the CRMs are not: it knows
changes made before field history was switched on, and who did them. What it all amounts to under
the shared definitions is told in `truth_people` and `truth_deals`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from connectors.sandbox.company.deal_diary import CompanyDiary, DealDiary, Moment, Role
from connectors.sandbox.company.vocabulary import STATUS_KINDS

if TYPE_CHECKING:
    from connectors.sandbox.company.context import Company, Context, Person


class Signal(NamedTuple):
    """A touch that scores or raises a hand."""

    at: Moment
    line: str
    points: int
    is_hand_raise: bool


class Status(NamedTuple):
    """A lead status that somebody set. `by` is the user, empty when no user did."""

    at: Moment
    kind: str
    by: str
    reason: str | None
    revisit_on: str | None


@dataclass
class PersonDiary:
    """What a human did, and what was done about them."""

    records: list[tuple[str, str, str]] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    owners: list[tuple[Moment, str]] = field(default_factory=list)
    talks: dict[str, Moment] = field(default_factory=dict)  # by the id of call, e-mail, meeting
    roles: list[Role] = field(default_factory=list)
    # HubSpot's ties of a call or a meeting to a contact end when the contact is archived.
    has_ties: bool = False
    is_offline_known: bool = False  # Salesforce has a record that says where they came from
    own_account: CompanyDiary | None = None
    removed_at: Moment | None = None


class Diary:
    """The diaries of everybody, and who or what a record stands for."""

    def __init__(self) -> None:
        self.deals: dict[str, DealDiary] = {}
        self.rates: dict[str, list[tuple[str, float]]] = {}
        self._people: dict[str, Person] = {}
        self._contacts: set[str] = set()

    def know(self, ctx: Context, person: Person, system: str, obj: str, record_id: str) -> None:
        """A record now stands for this human."""
        diary = person.diary
        diary.records.append((system, obj, record_id))
        self._people[record_id] = person
        if system == "salesforce":
            diary.is_offline_known = True
            record = ctx.salesforce[obj][record_id]
            self._owned(ctx.now, person, obj, record["OwnerId"])
            if obj == "Lead":
                self._status(ctx.now, person, record["CreatedById"], record)
        if person.company:
            self.learn(ctx, person.company)

    def learn(self, ctx: Context, company: Company) -> None:
        """What the systems know of a company now."""
        fits = company.diary.fits
        if not fits or fits[-1][1] != company.fit:
            fits.append((ctx.now, company.fit))

    def open(self, ctx: Context, deal_id: str, company: CompanyDiary | None) -> DealDiary:
        """An opportunity was made in Salesforce."""
        record = ctx.salesforce["Opportunity"][deal_id]
        deal = self.deals[deal_id] = DealDiary(
            deal_id,
            "salesforce",
            ctx.now,
            record["Type"],
            record["CurrencyIsoCode"],
            record["LeadSource"],
            company,
        )
        self._deal_changed(ctx.now, deal, record)
        return deal

    def join(self, person: Person, role: Role) -> None:
        """A person takes part in a deal from now on."""
        person.diary.roles.append(role)
        self.deals[role.deal_id].roles.append((role, person))

    def in_salesforce(
        self, now: Moment, obj: str, record: dict[str, Any], by: str | None, changed: dict[str, Any]
    ) -> None:
        """Somebody changed a record (or made one) in Salesforce."""
        if obj in ("Lead", "Contact"):
            person = self._people.get(record["Id"])
            if person and "OwnerId" in changed:
                self._owned(now, person, obj, changed["OwnerId"])
            if person and "Status" in changed:
                self._status(now, person, by or "", record)
            elif person and not changed.keys().isdisjoint(("Rejection_Reason__c", "Revisit_On__c")):
                # Somebody corrects what they wrote about the decision that stands.
                reason, revisit = record["Rejection_Reason__c"], record["Revisit_On__c"]
                last = person.diary.statuses[-1]
                person.diary.statuses[-1] = last._replace(reason=reason, revisit_on=revisit)
            if person and changed.get("IsDeleted") and not record.get("MasterRecordId"):
                person.diary.removed_at = now
        elif obj == "Opportunity":
            deal = self.deals.get(record["Id"])
            if deal:
                self._deal_changed(now, deal, changed)
        elif obj in ("Task", "Event"):
            self._talked(obj, record)
        elif obj == "DatedConversionRate" and "ConversionRate" in changed:
            rates = self.rates.setdefault(record["IsoCode"], [])
            rates.append((record["StartDate"], record["ConversionRate"]))

    def in_hubspot(
        self, now: Moment, obj: str, record: dict[str, Any], source: str, changed: dict[str, Any]
    ) -> None:
        """Somebody, or the sync, changed a record in HubSpot."""
        person = self._people.get(record["id"])
        if obj == "contacts" and person and not person.lead_id and source == "CRM_UI":
            if "hubspot_owner_id" in changed:
                person.diary.owners.append((now, changed["hubspot_owner_id"]))
            if "hs_lead_status" in changed:
                kind = STATUS_KINDS[changed["hs_lead_status"]]
                owner = record["properties"]["hubspot_owner_id"]
                reason = changed.get("lead_rejection_reason")
                person.diary.statuses.append(Status(now, kind, owner, reason, None))
        if obj == "contacts" and person and changed.get("archived"):
            person.diary.removed_at = person.diary.removed_at or now
        if obj == "deals" and record["id"] in self.deals:
            deal = self.deals[record["id"]]
            if "dealstage" in changed:
                deal.stages.append((now, changed["dealstage"]))
            if "deal_currency_code" in changed:
                deal.currencies.append((now, changed["deal_currency_code"]))

    def _status(self, now: Moment, person: Person, by: str, record: dict[str, Any]) -> None:
        kind = STATUS_KINDS.get(record["Status"], "unmapped")
        reason, revisit = record["Rejection_Reason__c"], record["Revisit_On__c"]
        person.diary.statuses.append(Status(now, kind, by, reason, revisit))

    def _owned(self, now: Moment, person: Person, obj: str, owner: str) -> None:
        # While there is an unconverted lead, it says whose the person is.
        if obj == "Lead" or not person.lead_id:
            person.diary.owners.append((now, owner))

    def _talked(self, obj: str, record: dict[str, Any]) -> None:
        person = self._people.get(record["WhoId"])
        if person is None or record.get("TaskSubtype") == "ListEmail":
            return
        text = record["StartDateTime"] if obj == "Event" else record["CompletedDateTime"]
        person.diary.talks[record["Id"]] = datetime.fromisoformat(text)

    @staticmethod
    def _deal_changed(now: Moment, deal: DealDiary, changed: dict[str, Any]) -> None:
        if "StageName" in changed:
            deal.stages.append((now, changed["StageName"]))
        if "Amount" in changed:
            deal.amounts.append((now, changed["Amount"]))
        if "CurrencyIsoCode" in changed:
            deal.currencies.append((now, changed["CurrencyIsoCode"]))
        if "CloseDate" in changed:
            deal.close_dates.append((now, date.fromisoformat(changed["CloseDate"])))
        if "OwnerId" in changed:
            deal.owners.append((now, changed["OwnerId"]))
        if "Loss_Reason__c" in changed:
            deal.loss_reason = changed["Loss_Reason__c"]
        if "Competitor__c" in changed:
            deal.competitor = changed["Competitor__c"]
        if changed.get("IsDeleted"):
            deal.removed_at = now
