"""Read a portal with hubspot-api-client; one JSON line a record: {object, way, record}."""

import json
import os

from hubspot import HubSpot
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest as Inputs
from hubspot.crm.contacts import BatchReadInputSimplePublicObjectId, PublicObjectSearchRequest

TYPES = ("contacts", "companies", "deals", "leads", "calls", "meetings", "emails", "tasks")


def say(name: str, way: str, record: dict) -> None:
    print(json.dumps({"object": name, "way": way, "record": record}, default=str))


def main() -> None:
    client = HubSpot(access_token="token", host=os.environ["LOCAL_CRM_URL"])
    for name in TYPES:
        described = client.crm.properties.core_api.get_all(name).results
        names = [one.name for one in described]
        for archived in (False, True):
            after = None
            while True:
                page = client.crm.objects.basic_api.get_page(
                    name, limit=100, after=after, properties=names, archived=archived
                )
                for one in page.results:
                    say(name, "archived" if archived else "list", one.to_dict())
                if page.paging is None:
                    break
                after = page.paging.next.after
    search_and_history(client)
    edges(client)
    for archived in (False, True):
        for one in client.crm.owners.owners_api.get_page(limit=500, archived=archived).results:
            say("owners", "archived" if archived else "list", one.to_dict())
    for one in client.crm.pipelines.pipelines_api.get_all("deals").results:
        say("pipelines", "list", one.to_dict())
    for one in client.marketing.forms.forms_api.get_page(limit=100).results:
        say("forms", "list", {"id": one.id, "name": one.name})


def search_and_history(client: HubSpot) -> None:
    """Find all contacts by search, then read their stages by batch."""
    last, found = "0", []
    while True:
        asked = PublicObjectSearchRequest(
            filter_groups=[
                {"filters": [{"propertyName": "hs_object_id", "operator": "GT", "value": last}]}
            ],
            sorts=["hs_object_id"],
            properties=["email"],
            limit=200,
        )
        page = client.crm.contacts.search_api.do_search(public_object_search_request=asked)
        for one in page.results:
            say("contacts", "search", one.to_dict())
        found += [one.id for one in page.results]
        if len(page.results) < 200:
            break
        last = found[-1]
    for start in range(0, len(found), 50):
        asked = BatchReadInputSimplePublicObjectId(
            inputs=[{"id": one} for one in found[start : start + 50]],
            properties=["email"],
            properties_with_history=["lifecyclestage", "hubspot_owner_id"],
        )
        read = client.crm.contacts.batch_api.read(batch_read_input_simple_public_object_id=asked)
        for one in read.results:
            for name, values in one.properties_with_history.items():
                for value in values:
                    entry = {"id": one.id, "property": name, **value.to_dict()}
                    say("contacts", "history", entry)


def edges(client: HubSpot) -> None:
    ids = [one.id for one in client.crm.deals.get_all()]
    for start in range(0, len(ids), 100):
        batch = Inputs(inputs=[{"id": one} for one in ids[start : start + 100]])
        read = client.crm.associations.v4.batch_api.get_page(
            "deals", "contacts", batch_input_public_fetch_associations_batch_request=batch
        )
        for one in read.results:
            for to in one.to:
                say("deals-contacts", "edges", {"from": one._from.id, "to": str(to.to_object_id)})


main()
