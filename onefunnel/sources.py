"""The sources as this installation reads them: ours, and the objects that its settings add."""

from __future__ import annotations

import os
from dataclasses import replace

from connectors import CONNECTORS
from connectors.hubspot.streams import streams_with as hubspot_streams
from connectors.salesforce.streams import streams_with as salesforce_streams
from connectors.stream import ConnectorSpec, Stream
from onefunnel.config import dotenv_path, gather
from onefunnel.values import names

ADDED = {
    "salesforce": (salesforce_streams, "SALESFORCE_OBJECTS"),
    "hubspot": (hubspot_streams, "HUBSPOT_OBJECTS"),
}


def specs() -> tuple[ConnectorSpec, ...]:
    """Every source with all its streams; whether a name can be one is checked with the settings."""
    values = gather(os.environ, dotenv_path())
    found = []
    for spec in CONNECTORS:
        streams_with, setting = ADDED[spec.source]
        found.append(replace(spec, streams=streams_with(names(values, setting))))
    return tuple(found)


def streams() -> list[Stream]:
    """The streams of all sources."""
    return [stream for spec in specs() for stream in spec.streams]
