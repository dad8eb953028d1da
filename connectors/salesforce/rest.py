"""Follow the pages of a REST query to their end, and see that all announced records came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simple_salesforce import Salesforce

from connectors.errors import RefusedRequest
from connectors.salesforce.soql import ObjectSchema


def pages(client: Salesforce, page: Any, schema: ObjectSchema) -> Iterator[list[dict[str, Any]]]:
    """Yield the records of a query's first page and of all that follow.

    Raises `RefusedRequest` when fewer came than were announced (INCOMPLETE), and when a locator
    comes twice, which would never end (INVALID_QUERY_LOCATOR).
    """
    seen: set[str] = set()
    announced, came = page["totalSize"], 0
    while True:
        came += len(page["records"])
        yield page["records"]
        following = page.get("nextRecordsUrl")
        if page.get("done", True) or not following:
            if came < announced:
                raise RefusedRequest(
                    f"{came:,} of {announced:,} announced records came",
                    code="INCOMPLETE",
                    remedy="Run again; if it stays, report it to Salesforce support",
                )
            return
        if following in seen:
            raise RefusedRequest(
                "the same page is announced again",
                code="INVALID_QUERY_LOCATOR",
                remedy="Run again; if it stays, report it to Salesforce support",
            )
        seen.add(following)
        page = client.query_more(
            following, identifier_is_url=True, include_deleted=schema.keeps_deleted
        )
