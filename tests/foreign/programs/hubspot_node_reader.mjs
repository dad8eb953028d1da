// Read a portal with @hubspot/api-client; one JSON line a record: {object, way, record}.
import { Client } from "@hubspot/api-client";

const client = new Client({
  accessToken: "token",
  basePath: process.env.LOCAL_CRM_URL,
  limiterOptions: { minTime: 0, maxConcurrent: 4 },
});
const types = ["contacts", "companies", "deals", "leads", "calls", "meetings", "emails", "tasks"];
const say = (object, way, record) => console.log(JSON.stringify({ object, way, record }));

for (const name of types) {
  const { results } = await client.crm.properties.coreApi.getAll(name);
  const names = results.map((one) => one.name);
  for (const archived of [false, true]) {
    let after;
    do {
      const page = await client.crm.objects.basicApi.getPage(
        name, 100, after, names, undefined, undefined, archived);
      page.results.forEach((one) => say(name, archived ? "archived" : "list", one));
      after = page.paging?.next?.after;
    } while (after);
  }
}

let last = "0";
for (;;) {
  const page = await client.crm.contacts.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: "hs_object_id", operator: "GT", value: last }] }],
    sorts: ["hs_object_id"],
    properties: ["email"],
    limit: 200,
    after: "0",
  });
  page.results.forEach((one) => say("contacts", "search", one));
  if (page.results.length < 200) break;
  last = page.results.at(-1).id;
}

for (const archived of [false, true]) {
  const { results } = await client.crm.owners.ownersApi.getPage(undefined, undefined, 500, archived);
  results.forEach((one) => say("owners", archived ? "archived" : "list", one));
}
const pipelines = await client.crm.pipelines.pipelinesApi.getAll("deals");
pipelines.results.forEach((one) => say("pipelines", "list", one));

const deals = await client.crm.deals.getAll();
for (let start = 0; start < deals.length; start += 100) {
  const inputs = deals.slice(start, start + 100).map(({ id }) => ({ id }));
  const read = await client.crm.associations.v4.batchApi.getPage("deals", "contacts", { inputs });
  for (const one of read.results)
    for (const to of one.to)
      say("deals-contacts", "edges", { from: one._from.id, to: String(to.toObjectId) });
}
