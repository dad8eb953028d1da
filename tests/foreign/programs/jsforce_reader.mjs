// Read an org with jsforce; one JSON line a record: {object, way, record}.
import jsforce from "jsforce";

const url = process.env.LOCAL_CRM_URL;
const inBulk = new Set(process.argv.slice(2));
const compound = new Set(["address", "location"]);
const say = (object, way, { attributes, ...record }) =>
  console.log(JSON.stringify({ object, way, record }));

const conn = new jsforce.Connection({
  oauth2: { loginUrl: url, clientId: "sandbox", clientSecret: "sandbox" },
  version: "62.0",
});
await conn.authorize({ grant_type: "client_credentials" });

async function all(name, way, soql, scanAll) {
  let page = await conn.query(soql, { scanAll });
  for (;;) {
    page.records.forEach((record) => say(name, way, record));
    if (page.done) return;
    page = await conn.queryMore(page.nextRecordsUrl);
  }
}

const described = await conn.describeGlobal();
for (const { name, queryable } of described.sobjects) {
  if (!queryable) continue;
  const { fields } = await conn.sobject(name).describe();
  const columns = fields.filter((one) => !compound.has(one.type)).map((one) => one.name);
  const soql = `SELECT ${columns.join(",")} FROM ${name}`;
  await all(name, "query", soql, false);
  await all(name, "queryAll", soql, true);
  if (inBulk.has(name)) {
    for (const [way, scanAll] of [["bulk", false], ["bulkAll", true]]) {
      const stream = await conn.bulk2.query(soql, { scanAll, pollInterval: 50 });
      for (const record of await stream.toArray()) say(name, way, record);
    }
  }
}
