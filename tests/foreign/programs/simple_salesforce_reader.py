"""Read an org with simple-salesforce; one JSON line a record: {object, way, record}."""

import csv
import io
import json
import sys

from simple_salesforce import Salesforce

COMPOUND = {"address", "location"}


def say(name: str, way: str, record: dict) -> None:
    record.pop("attributes", None)
    print(json.dumps({"object": name, "way": way, "record": record}))


def main() -> None:
    sf = Salesforce(consumer_key="sandbox", consumer_secret="sandbox", domain="local.my")
    in_bulk = set(sys.argv[1:])
    for sobject in sf.describe()["sobjects"]:
        name = sobject["name"]
        if not sobject["queryable"]:
            continue
        fields = getattr(sf, name).describe()["fields"]
        columns = ",".join(one["name"] for one in fields if one["type"] not in COMPOUND)
        soql = f"SELECT {columns} FROM {name}"
        for record in sf.query_all_iter(soql):
            say(name, "query", dict(record))
        for record in sf.query_all_iter(soql, include_deleted=True):
            say(name, "queryAll", dict(record))
        if name in in_bulk:
            bulk = getattr(sf.bulk2, name)
            for way, pages in (("bulk", bulk.query), ("bulkAll", bulk.query_all)):
                for page in pages(soql, max_records=500, wait=0):
                    for row in csv.DictReader(io.StringIO(page, newline="")):
                        say(name, way, row)


main()
