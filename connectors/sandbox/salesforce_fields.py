"""Fields of the Salesforce objects that the local CRM serves, in one compact table.

One token a field: `Name:type`, a reference followed by `>Target` (several with `/`), a part of a
compound followed by `^Parent`, a length in parentheses. Only data and its parsing belong here;
describe answers are built in `salesforce_describe`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_MADE = "CreatedDate:datetime CreatedById:reference>User"
_STAMPS = (
    f"{_MADE} LastModifiedDate:datetime LastModifiedById:reference>User SystemModstamp:datetime"
)
_AUDIT = f"IsDeleted:boolean {_STAMPS}"
_NAME = (
    "LastName:string(80)^Name FirstName:string(40)^Name Salutation:picklist(40)^Name "
    "Name:string(121)"
)
_CHANGE = f"IsDeleted:boolean {_MADE} Field:picklist(255) DataType:picklist(40) " + (
    "OldValue:anyType NewValue:anyType"
)
_ACTIVITY = (
    "WhoId:reference>Contact/Lead WhatId:reference>Account/Opportunity/Campaign "
    "AccountId:reference>Account OwnerId:reference>User/Group Subject:combobox(255) "
    "ActivityDate:date Description:textarea(32000) IsArchived:boolean "
    "Objection__c:picklist(255) Disqualifying_Criterion__c:picklist(255) "
    "Content_Used__c:string(255) Competitor_Claim__c:picklist(255) "
    "Claim_Countered__c:boolean hs_sequence_id__c:string(255) "
)


def _address(prefix: str) -> str:
    parent = f"^{prefix}Address"
    parts = ("Street:textarea(255)", "City:string(40)", "State:string(80)")
    rest = ("PostalCode:string(20)", "Country:string(80)", "Latitude:double", "Longitude:double")
    return " ".join(f"{prefix}{part}{parent}" for part in (*parts, *rest)) + (
        f" {prefix}Address:address"
    )


# object: (key prefix, plural label, fields)
_OBJECTS: dict[str, tuple[str, str, str]] = {
    "Lead": (
        "00Q",
        "Leads",
        f"Id:id {_AUDIT} MasterRecordId:reference>Lead {_NAME} Title:string(128) "
        f"Company:string(255) {_address('')} Phone:phone(40) MobilePhone:phone(40) Fax:phone(40) "
        "Email:email(80) Website:url(255) Description:textarea(32000) LeadSource:picklist(255) "
        "Status:picklist(255) Industry:picklist(255) Rating:picklist(255) AnnualRevenue:currency "
        "NumberOfEmployees:int OwnerId:reference>Group/User HasOptedOutOfEmail:boolean "
        "IsConverted:boolean ConvertedDate:date ConvertedAccountId:reference>Account "
        "ConvertedContactId:reference>Contact ConvertedOpportunityId:reference>Opportunity "
        "IsUnreadByOwner:boolean LastActivityDate:date RecordTypeId:reference>RecordType "
        "EmailBouncedReason:string(255) EmailBouncedDate:datetime CurrencyIsoCode:picklist(3) "
        "Rejection_Reason__c:picklist(255) Revisit_On__c:date",
    ),
    "Contact": (
        "003",
        "Contacts",
        f"Id:id {_AUDIT} MasterRecordId:reference>Contact AccountId:reference>Account {_NAME} "
        f"{_address('Mailing')} Phone:phone(40) MobilePhone:phone(40) Fax:phone(40) "
        "ReportsToId:reference>Contact Email:email(80) Title:string(128) Department:string(80) "
        "LeadSource:picklist(255) Description:textarea(32000) OwnerId:reference>User "
        "HasOptedOutOfEmail:boolean LastActivityDate:date EmailBouncedReason:string(255) "
        "EmailBouncedDate:datetime IsEmailBounced:boolean RecordTypeId:reference>RecordType "
        "CurrencyIsoCode:picklist(3)",
    ),
    "Account": (
        "001",
        "Accounts",
        f"Id:id {_AUDIT} MasterRecordId:reference>Account Name:string(255) Type:picklist(255) "
        "RecordTypeId:reference>RecordType ParentId:reference>Account "
        f"{_address('Billing')} {_address('Shipping')} Phone:phone(40) Fax:phone(40) "
        "AccountNumber:string(40) Website:url(255) Industry:picklist(255) AnnualRevenue:currency "
        "NumberOfEmployees:int Ownership:picklist(255) Description:textarea(32000) "
        "Rating:picklist(255) OwnerId:reference>User AccountSource:picklist(255) "
        "LastActivityDate:date CurrencyIsoCode:picklist(3)",
    ),
    "Opportunity": (
        "006",
        "Opportunities",
        f"Id:id {_AUDIT} AccountId:reference>Account RecordTypeId:reference>RecordType "
        "IsPrivate:boolean Name:string(120) Description:textarea(32000) StageName:picklist(255) "
        "Amount:currency Probability:percent ExpectedRevenue:currency "
        "TotalOpportunityQuantity:double CloseDate:date Type:picklist(255) NextStep:string(255) "
        "LeadSource:picklist(255) IsClosed:boolean IsWon:boolean ForecastCategory:picklist(40) "
        "ForecastCategoryName:picklist(255) CampaignId:reference>Campaign "
        "OwnerId:reference>User ContactId:reference>Contact LastActivityDate:date "
        "LastStageChangeDate:datetime FiscalQuarter:int FiscalYear:int Fiscal:string(6) "
        "CurrencyIsoCode:picklist(3) Loss_Reason__c:picklist(255) Competitor__c:picklist(255)",
    ),
    "OpportunityContactRole": (
        "00K",
        "Opportunity Contact Roles",
        f"Id:id {_AUDIT} OpportunityId:reference>Opportunity ContactId:reference>Contact "
        "Role:picklist(255) IsPrimary:boolean CurrencyIsoCode:picklist(3)",
    ),
    "OpportunityHistory": (
        "008",
        "Opportunity: Stage",
        f"Id:id IsDeleted:boolean {_MADE} SystemModstamp:datetime "
        "OpportunityId:reference>Opportunity StageName:picklist(255) Amount:currency "
        "ExpectedRevenue:currency CloseDate:date Probability:percent "
        "ForecastCategory:picklist(40) PrevAmount:currency PrevCloseDate:date "
        "CurrencyIsoCode:picklist(3)",
    ),
    "OpportunityFieldHistory": (
        "017",
        "Opportunity Field History",
        f"Id:id OpportunityId:reference>Opportunity {_CHANGE}",
    ),
    "LeadHistory": ("017", "Lead History", f"Id:id LeadId:reference>Lead {_CHANGE}"),
    "ContactHistory": ("017", "Contact History", f"Id:id ContactId:reference>Contact {_CHANGE}"),
    "AccountHistory": ("017", "Account History", f"Id:id AccountId:reference>Account {_CHANGE}"),
    "Campaign": (
        "701",
        "Campaigns",
        f"Id:id {_AUDIT} Name:string(80) ParentId:reference>Campaign Type:picklist(255) "
        "Status:picklist(255) StartDate:date EndDate:date BudgetedCost:currency "
        "ActualCost:currency ExpectedRevenue:currency NumberSent:double IsActive:boolean "
        "Description:textarea(32000) OwnerId:reference>User NumberOfLeads:int "
        "NumberOfContacts:int NumberOfResponses:int LastActivityDate:date "
        "CurrencyIsoCode:picklist(3)",
    ),
    "CampaignMember": (
        "00v",
        "Campaign Members",
        f"Id:id {_AUDIT} CampaignId:reference>Campaign LeadId:reference>Lead "
        "ContactId:reference>Contact Status:picklist(40) HasResponded:boolean "
        "FirstRespondedDate:date Type:string(40) LeadOrContactId:reference>Contact/Lead "
        "CurrencyIsoCode:picklist(3)",
    ),
    "Task": (
        "00T",
        "Tasks",
        f"Id:id {_AUDIT} {_ACTIVITY}Status:picklist(255) Priority:picklist(255) "
        "Type:picklist(255) TaskSubtype:picklist(40) IsClosed:boolean IsHighPriority:boolean "
        "CallDurationInSeconds:int CallType:picklist(40) CallDisposition:string(255) "
        "CompletedDateTime:datetime CurrencyIsoCode:picklist(3)",
    ),
    "Event": (
        "00U",
        "Events",
        f"Id:id {_AUDIT} {_ACTIVITY}Location:string(255) Type:picklist(255) "
        "IsAllDayEvent:boolean ActivityDateTime:datetime DurationInMinutes:int "
        "StartDateTime:datetime EndDateTime:datetime EndDate:date ShowAs:picklist(40) "
        "IsPrivate:boolean IsChild:boolean IsGroupEvent:boolean EventSubtype:picklist(40) "
        "CurrencyIsoCode:picklist(3)",
    ),
    "User": (
        "005",
        "Users",
        f"Id:id Username:string(80) {_NAME} CompanyName:string(80) Division:string(80) "
        "Department:string(80) Title:string(80) Email:email(128) Alias:string(8) "
        "IsActive:boolean UserType:picklist(40) UserRoleId:reference>UserRole "
        "ProfileId:reference>Profile ManagerId:reference>User TimeZoneSidKey:picklist(40) "
        f"LastLoginDate:datetime DefaultCurrencyIsoCode:picklist(3) {_STAMPS}",
    ),
    "Group": (
        "00G",
        "Group",
        "Id:id Name:string(40) DeveloperName:string(80) RelatedId:reference>User/UserRole "
        f"Type:picklist(40) Email:email(80) OwnerId:reference>User {_STAMPS}",
    ),
    "GroupMember": (
        "011",
        "Group Member",
        "Id:id GroupId:reference>Group UserOrGroupId:reference>Group/User SystemModstamp:datetime",
    ),
    "RecordType": (
        "012",
        "Record Types",
        "Id:id Name:string(80) DeveloperName:string(80) Description:string(255) "
        f"SobjectType:picklist(40) IsActive:boolean {_STAMPS}",
    ),
    "OpportunityStage": (
        "01J",
        "Opportunity Stage",
        "Id:id MasterLabel:string(255) ApiName:string(255) IsActive:boolean SortOrder:int "
        "IsClosed:boolean IsWon:boolean ForecastCategory:picklist(40) "
        "ForecastCategoryName:picklist(255) DefaultProbability:percent Description:string(255) "
        f"{_STAMPS}",
    ),
    "LeadStatus": (
        "01J",
        "Lead Status Value",
        "Id:id MasterLabel:string(255) ApiName:string(255) SortOrder:int IsDefault:boolean "
        f"IsConverted:boolean {_STAMPS}",
    ),
    "Organization": (
        "00D",
        "Organizations",
        "Id:id Name:string(80) OrganizationType:picklist(40) InstanceName:string(5) "
        "IsSandbox:boolean NamespacePrefix:string(15) TrialExpirationDate:datetime "
        f"LanguageLocaleKey:picklist(40) TimeZoneSidKey:picklist(40) {_STAMPS}",
    ),
    "CurrencyType": (
        "01L",
        "Currency Type",
        "Id:id IsoCode:picklist(3) ConversionRate:double DecimalPlaces:int IsActive:boolean "
        f"IsCorporate:boolean {_STAMPS}",
    ),
    "DatedConversionRate": (
        "04w",
        "Dated Conversion Rate",
        "Id:id IsoCode:picklist(3) StartDate:date NextStartDate:date ConversionRate:double "
        f"{_STAMPS}",
    ),
}
OBJECTS = tuple(_OBJECTS)


@dataclass(frozen=True)
class Field:
    """One field as describe tells it."""

    name: str
    type: str
    length: int = 0
    reference_to: tuple[str, ...] = ()
    compound: str | None = None

    @property
    def relationship(self) -> str | None:
        """Name under which SOQL follows the reference (`OwnerId` → `Owner`)."""
        if self.type != "reference":
            return None
        if self.name.endswith("__c"):
            return self.name[:-1] + "r"
        return self.name.removesuffix("Id")

    @property
    def is_filterable(self) -> bool:
        """Long text, compound addresses and values of any type cannot stand in a WHERE."""
        return self.type not in ("address", "anyType") and self.length <= 4000


def key_prefix(obj: str) -> str:
    """First three characters of the ids of an object."""
    return _OBJECTS[obj][0] if obj in _OBJECTS else "a00"


def plural_label(obj: str) -> str:
    """Label of an object's list."""
    return _OBJECTS[obj][1] if obj in _OBJECTS else obj


@cache
def standard_fields(obj: str) -> tuple[Field, ...]:
    """Fields that this table knows of an object; none for an object it does not know."""
    tokens = _OBJECTS[obj][2].split() if obj in _OBJECTS else ()
    fields = {field.name: field for field in map(_field, tokens)}
    return tuple(fields.values())


def _field(token: str) -> Field:
    name, _, rest = token.partition(":")
    rest, _, compound = rest.partition("^")
    rest, _, targets = rest.partition(">")
    kind, _, length = rest.partition("(")
    size = int(length.rstrip(")")) if length else (18 if kind in ("id", "reference") else 0)
    return Field(name, kind, size, tuple(targets.split("/")) if targets else (), compound or None)
