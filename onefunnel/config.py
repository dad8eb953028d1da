"""Settings from the environment and `.env`, every one checked at the start.

Only what differs between machines is here. What is business (thresholds, mappings, calendar,
time zone, currency) is SQL or a seed, where a change of it is reviewed.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values

from connectors.errors import WrongSettings
from connectors.retention import SHORTEST_AFTER_DELETION, Retention
from connectors.settings import HubSpotSettings, SalesforceSettings
from onefunnel import exit_codes
from onefunnel.home import Home
from onefunnel.refusal import Refusal
from onefunnel.values import days, moment, names, private_key, schedule, share, whole_number
from onefunnel.web_addresses import web_addresses

T = TypeVar("T")

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DBT_PROJECT = PROJECT_ROOT / "dbt_project"

PREFIXES = ("ONEFUNNEL_", "SALESFORCE_", "HUBSPOT_")
KNOWN: Mapping[str, str] = {
    "ONEFUNNEL_HOME": "folder for landing, releases and Dagster's storage (default ./data)",
    "ONEFUNNEL_AS_OF": "judge as of this moment (ISO; default now, or the local CRM's clock)",
    "ONEFUNNEL_KEEP_RELEASES": "how many releases to keep for a rollback (default 5)",
    "ONEFUNNEL_FULL_PASS_DAYS": "read everything anew so often: formula fields (default 28)",
    "ONEFUNNEL_SWEEP_DAYS": "look for purged records so often (default 7)",
    "ONEFUNNEL_ACCEPT_DRIFT": "fields that may be gone or changed: salesforce/Lead/Industry,…",
    "ONEFUNNEL_KEEP_VERSIONS_DAYS": "remove superseded versions after so long (default never)",
    "ONEFUNNEL_KEEP_DELETED_DAYS": "erase people deleted in the CRM after so long, at least 100",
    "ONEFUNNEL_DIGEST": "on (default): print the Weekly review with each release; or off",
    "ONEFUNNEL_WAREHOUSE": "set by the command line for dbt: the private warehouse file",
    "SALESFORCE_URL": "https://yourcompany.my.salesforce.com",
    "SALESFORCE_WEB_URL": "where people open Salesforce (default SALESFORCE_URL)",
    "SALESFORCE_CLIENT_ID": "consumer key of the External Client App",
    "SALESFORCE_CLIENT_SECRET": "its secret (client credentials), or else",
    "SALESFORCE_USERNAME": "user of the JWT flow and",
    "SALESFORCE_PRIVATE_KEY": "its private key (a PEM file, or its text with \\n for line ends)",
    "SALESFORCE_API_VERSION": "default 67.0",
    "SALESFORCE_OBJECTS": "further objects to read, separated by commas: Contract,Renewal__c",
    "SALESFORCE_QUOTA_RESERVE": "share of the daily requests left to others (default 0.1)",
    "HUBSPOT_URL": "default https://api.hubapi.com",
    "HUBSPOT_WEB_URL": "https://app.hubspot.com/contacts/<account>, where people open HubSpot",
    "HUBSPOT_ACCESS_TOKEN": "token of a private app, or a service key",
    "HUBSPOT_API_VERSION": "v3 (default, ends in 2027) or 2026-09",
    "HUBSPOT_OBJECTS": "custom objects to read, separated by commas",
    "HUBSPOT_QUOTA_RESERVE": "share of the daily requests left to others (default 0.1)",
}
# With telemetry off, no tool of the stack calls home.
QUIET_TOOLS: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
}


@dataclass(frozen=True)
class Config:
    """Checked settings. Credentials are inside the two settings, which never show them."""

    home: Home
    as_of: datetime | None
    keep_releases: int
    salesforce: SalesforceSettings | None
    hubspot: HubSpotSettings | None
    # Where people open each CRM: pages link to records there, and nowhere else.
    crm_web: Mapping[str, str] = field(default_factory=dict)
    retention: Retention = field(default_factory=Retention)
    # Fields, as source/Object/Field, whose removal or new type people have accepted.
    accepted_drift: tuple[str, ...] = ()
    prints_digest: bool = True

    @property
    def has_crm(self) -> bool:
        """Whether any CRM is configured at all."""
        return self.salesforce is not None or self.hubspot is not None

    def sources(self) -> Mapping[str, SalesforceSettings | HubSpotSettings]:
        """The settings per source; both are needed, since the product is about both."""
        if self.salesforce and self.hubspot:
            return {"salesforce": self.salesforce, "hubspot": self.hubspot}
        given = {
            "Salesforce (SALESFORCE_URL, _CLIENT_ID, _CLIENT_SECRET)": self.salesforce,
            "HubSpot (HUBSPOT_ACCESS_TOKEN)": self.hubspot,
        }
        missing = [name for name, settings in given.items() if not settings]
        raise Refusal(
            f"No credentials are set for {' and '.join(missing)}",
            remedy="Set them in the environment or in .env (see .env.example), or try "
            "`onefunnel demo`, which brings its own local CRM",
            exit_code=exit_codes.USAGE,
        )


def load(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Config:
    """Read and check everything; all problems are told at once."""
    values = gather(os.environ if environ is None else environ, dotenv or dotenv_path())
    problems = unknown_names(values)
    as_of = checked(problems, values, "ONEFUNNEL_AS_OF", moment, None)
    keep = checked(problems, values, "ONEFUNNEL_KEEP_RELEASES", whole_number, 5)
    versions = checked_days(problems, values, "ONEFUNNEL_KEEP_VERSIONS_DAYS")
    deleted = checked_days(problems, values, "ONEFUNNEL_KEEP_DELETED_DAYS")
    if deleted and deleted < SHORTEST_AFTER_DELETION:
        least = SHORTEST_AFTER_DELETION.days
        problems.append(f"ONEFUNNEL_KEEP_DELETED_DAYS is too short: write {least} or more")
    digest = checked(problems, values, "ONEFUNNEL_DIGEST", on_or_off, True)
    salesforce = checked_source(problems, values, "SALESFORCE_", salesforce_settings)
    hubspot = checked_source(problems, values, "HUBSPOT_", hubspot_settings)
    crm_web = web_addresses(problems, values)
    if problems:
        told = dict.fromkeys(problems)
        raise Refusal(
            "Settings are wrong:\n" + "\n".join(f"  - {problem}" for problem in told),
            exit_code=exit_codes.USAGE,
        )
    root = Path(values.get("ONEFUNNEL_HOME", PROJECT_ROOT / "data")).expanduser().absolute()
    limits = Retention(versions, deleted)
    accepted = names(values, "ONEFUNNEL_ACCEPT_DRIFT")
    return Config(Home(root), as_of, keep, salesforce, hubspot, crm_web, limits, accepted, digest)


def prepare(config: Config) -> Config:
    """Create the home, and tell dbt and Dagster in this process and its children where it is."""
    config.home.create()
    os.umask(0o077)
    os.environ.update(QUIET_TOOLS)
    os.environ["ONEFUNNEL_HOME"] = str(config.home.root)
    os.environ["ONEFUNNEL_WAREHOUSE"] = str(config.home.warehouse)
    os.environ["DAGSTER_HOME"] = str(config.home.dagster)
    return config


def dotenv_path() -> Path:
    """`.env` of the working folder, else of the project."""
    here = Path.cwd() / ".env"
    return here if here.is_file() else PROJECT_ROOT / ".env"


def gather(environ: Mapping[str, str], dotenv: Path) -> dict[str, str]:
    """Our names with a value; the environment wins over the file, an empty value is none."""
    try:
        in_file = dotenv_values(dotenv, interpolate=False) if dotenv.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            f"{dotenv} cannot be read ({type(error).__name__})",
            remedy="Write it as UTF-8 text, one NAME=value a line, readable by you",
            exit_code=exit_codes.USAGE,
        ) from None
    merged = {**in_file, **environ}
    return {
        name: value.strip()
        for name, value in merged.items()
        if name.startswith(PREFIXES) and value and value.strip()
    }


def unknown_names(values: Mapping[str, str]) -> list[str]:
    """A misspelt name would be ignored in silence: name it, and the one that was meant."""
    problems = []
    for name in sorted(set(values) - set(KNOWN)):
        close = difflib.get_close_matches(name, KNOWN, n=1)
        hint = f"did you mean {close[0]}?" if close else "remove it, or see .env.example"
        problems.append(f"{name} is no setting: {hint}")
    return problems


def on_or_off(given: str) -> bool:
    """`on` or `off`."""
    if given.lower() not in ("on", "off"):
        raise ValueError(f"is {given!r}; write on or off")
    return given.lower() == "on"


def checked(
    problems: list[str],
    values: Mapping[str, str],
    name: str,
    convert: Callable[[str], T],
    default: T,
) -> T:
    """Convert a value; a bad one becomes a problem that names it and shows what is expected."""
    if name not in values:
        return default
    try:
        return convert(values[name])
    except ValueError as error:
        problems.append(f"{name} {error}")
        return default


def checked_days(problems: list[str], values: Mapping[str, str], name: str) -> timedelta | None:
    """A number of days, None when nothing is said or it is wrong."""
    try:
        return days(values, name)
    except ValueError as error:
        problems.append(str(error))
        return None


def checked_source(
    problems: list[str],
    values: Mapping[str, str],
    prefix: str,
    build: Callable[[Mapping[str, str]], T],
) -> T | None:
    """Build a source's settings if it has any."""
    if not any(name.startswith(prefix) and not name.endswith("_WEB_URL") for name in values):
        return None
    try:
        return build(values)
    except WrongSettings as error:
        problems.append(f"{error.problem}: {error.remedy}")
    except ValueError as error:
        problems.append(str(error))
    return None


def salesforce_settings(values: Mapping[str, str]) -> SalesforceSettings:
    """Salesforce from its variables."""
    return SalesforceSettings(
        url=values.get("SALESFORCE_URL", ""),
        client_id=values.get("SALESFORCE_CLIENT_ID", ""),
        client_secret=values.get("SALESFORCE_CLIENT_SECRET", ""),
        username=values.get("SALESFORCE_USERNAME", ""),
        private_key=private_key(values.get("SALESFORCE_PRIVATE_KEY", "")),
        api_version=values.get("SALESFORCE_API_VERSION", "67.0").lstrip("v"),
        quota_reserve=share(values, "SALESFORCE_QUOTA_RESERVE"),
        extra_objects=names(values, "SALESFORCE_OBJECTS"),
        schedule=schedule(values),
    )


def hubspot_settings(values: Mapping[str, str]) -> HubSpotSettings:
    """HubSpot from its variables."""
    return HubSpotSettings(
        access_token=values.get("HUBSPOT_ACCESS_TOKEN", ""),
        url=values.get("HUBSPOT_URL", "https://api.hubapi.com"),
        api_version=values.get("HUBSPOT_API_VERSION", "v3"),
        quota_reserve=share(values, "HUBSPOT_QUOTA_RESERVE"),
        extra_objects=names(values, "HUBSPOT_OBJECTS"),
        schedule=schedule(values),
    )
