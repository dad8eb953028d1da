"""Where people open each CRM: the only addresses outside that pages may lead to."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.errors import WrongSettings
from connectors.settings import checked_url


def web_addresses(problems: list[str], values: Mapping[str, str]) -> dict[str, str]:
    """The checked addresses; that of Salesforce's API serves people too."""
    given = {
        "salesforce": ("SALESFORCE_WEB_URL", values.get("SALESFORCE_URL")),
        "hubspot": ("HUBSPOT_WEB_URL", None),
    }
    found = {}
    for system, (name, otherwise) in given.items():
        if address := values.get(name, otherwise):
            try:
                found[system] = checked_url(address, name)
            except WrongSettings as error:
                if name in values:
                    problems.append(f"{error.problem}: {error.remedy}")
    return found
