"""How each foreign connector is told what to read, and how its output is read back.

Configuration only, as its own documentation has it; nothing of a connector is changed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.foreign.workshop import Finished, python_environment, run, trust

Records = dict[str, list[dict[str, Any]]]
OAUTH = {
    "client_id": "sandbox-client",
    "client_secret": "sandbox-secret",
    "refresh_token": "sandbox-refresh",
}
LONG_AGO = "2006-01-01T00:00:00Z"
FOREVER_MS = 40 * 365 * 86_400_000


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the JSON messages of a connector's output."""
    with path.open() as output:
        for line in output:
            if line.startswith("{"):
                yield json.loads(line)


def told(finished: Finished) -> Records:
    """Return a program's records by object and way (`contacts/archived`)."""
    found: Records = defaultdict(list)
    for line in lines(finished.output):
        found[f"{line['object']}/{line['way']}"].append(line["record"])
    return found


def singer(finished: Finished) -> Records:
    """Return a Singer tap's records by stream."""
    found: Records = defaultdict(list)
    for line in lines(finished.output):
        if line["type"] == "RECORD":
            found[line["stream"]].append(line["record"])
    return found


def airbyte(finished: Finished) -> Records:
    """Return an Airbyte source's records by stream."""
    found: Records = defaultdict(list)
    for line in lines(finished.output):
        if line["type"] == "RECORD":
            found[line["record"]["stream"]].append(line["record"]["data"])
    return found


def written(folder: Path, name: str, content: Mapping[str, Any]) -> Path:
    """Write a JSON file."""
    path = folder / name
    path.write_text(json.dumps(content))
    return path


def read_tap_salesforce(
    folder: Path, environment: Mapping[str, str], streams: Sequence[str]
) -> Finished:
    """Discover and sync by REST, all fields."""
    commands = _trusting("tap-salesforce", environment)
    config = written(
        folder,
        "tap-salesforce.json",
        {
            **OAUTH,
            "start_date": LONG_AGO,
            "api_type": "REST",
            "select_fields_by_default": "true",
            "quota_percent_total": "100",
            "quota_percent_per_run": "100",
        },
    )
    return _singer_sync(folder, commands / "tap-salesforce", config, environment, streams)


def read_tap_hubspot(
    folder: Path, environment: Mapping[str, str], streams: Sequence[str]
) -> Finished:
    """Discover and sync Singer's own HubSpot tap, all fields."""
    commands = _trusting("tap-hubspot", environment)
    config = written(
        folder,
        "tap-hubspot.json",
        {
            **OAUTH,
            "api_key": "token",
            "redirect_uri": "https://localhost",
            "start_date": LONG_AGO,
            "email_chunk_size": FOREVER_MS,
            "select_fields_by_default": "true",
        },
    )
    return _singer_sync(folder, commands / "tap-hubspot", config, environment, streams)


def read_meltano_tap_hubspot(
    folder: Path, environment: Mapping[str, str], streams: Sequence[str]
) -> Finished:
    """Discover and sync Meltano's HubSpot tap; without a start date it lists everything."""
    commands = _trusting("meltano-tap-hubspot", environment)
    pairs = {"contacts": ["companies"], "deals": ["contacts"]}
    config = written(folder, "meltano.json", {"access_token": "token", "associations": pairs})
    tap = commands / "tap-hubspot"
    return _singer_sync(folder, tap, config, environment, streams, "--catalog")


def _singer_sync(
    folder: Path,
    tap: Path,
    config: Path,
    environment: Mapping[str, str],
    streams: Sequence[str],
    catalog_option: str = "--properties",
) -> Finished:
    name = config.stem
    discovered = run(
        [tap, "--config", config, "--discover"],
        folder / f"{name}.catalog",
        dict(environment),
        folder=folder,
    )
    catalog = json.loads(discovered.output.read_text())
    for stream in catalog["streams"]:
        wanted = stream["tap_stream_id"] in streams
        for entry in stream["metadata"]:
            if not entry["breadcrumb"] or wanted:
                entry["metadata"]["selected"] = wanted
    selected = written(folder, f"{name}.selected", catalog)
    command = [tap, "--config", config, catalog_option, selected]
    return run(command, folder / f"{name}.out", dict(environment), folder=folder)


def read_airbyte_salesforce(
    folder: Path, environment: Mapping[str, str], streams: Sequence[str], **more: Any
) -> Finished:
    """Read by REST or Bulk 2.0 as the connector chooses (`force_use_bulk_api` for Bulk)."""
    commands = _trusting("airbyte-source-salesforce", environment)
    config = written(
        folder,
        "airbyte-salesforce.json",
        {
            **OAUTH,
            "start_date": LONG_AGO,
            "stream_slice_step": "P30Y",
            "preserve_na_values": True,
            **more,
        },
    )
    return _airbyte_read(folder, commands / "source-salesforce", config, environment, streams)


def read_airbyte_hubspot(
    folder: Path, environment: Mapping[str, str], streams: Sequence[str]
) -> Finished:
    """Read with a private app's token."""
    commands = _trusting("airbyte-source-hubspot", environment)
    credentials = {"credentials_title": "Private App Credentials", "access_token": "token"}
    config = written(
        folder, "airbyte-hubspot.json", {"start_date": LONG_AGO, "credentials": credentials}
    )
    return _airbyte_read(folder, commands / "source-hubspot", config, environment, streams)


def _airbyte_read(
    folder: Path,
    source: Path,
    config: Path,
    environment: Mapping[str, str],
    streams: Sequence[str],
) -> Finished:
    catalog = {
        "streams": [
            {
                "stream": {
                    "name": name,
                    "json_schema": {},
                    "supported_sync_modes": ["full_refresh", "incremental"],
                },
                "sync_mode": "full_refresh",
                "destination_sync_mode": "overwrite",
            }
            for name in streams
        ]
    }
    configured = written(folder, f"{config.stem}.catalog", catalog)
    return run(
        [source, "read", "--config", config, "--catalog", configured],
        folder / f"{config.stem}.out",
        dict(environment),
        folder=folder,
    )


def _trusting(name: str, environment: Mapping[str, str]) -> Path:
    commands = python_environment(name)
    trust(commands, Path(environment["REQUESTS_CA_BUNDLE"]))
    return commands
