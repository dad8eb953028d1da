"""Read Salesforce and HubSpot and land what they said; no business rule and no Dagster here.

`CONNECTORS` lists the sources without connecting to any; a new source is one more entry.
"""

from __future__ import annotations

from connectors.hubspot.streams import STREAMS as HUBSPOT_STREAMS
from connectors.salesforce.streams import STREAMS as SALESFORCE_STREAMS
from connectors.settings import HubSpotSettings, SalesforceSettings
from connectors.stream import Connector, ConnectorSpec


def connect_salesforce(settings: SalesforceSettings) -> Connector:
    """Prepare to read Salesforce; nothing connects before the first reading."""
    from connectors.salesforce.connector import SalesforceConnector

    return SalesforceConnector(settings)


def connect_hubspot(settings: HubSpotSettings) -> Connector:
    """Prepare to read HubSpot; nothing connects before the first reading."""
    from connectors.hubspot.connector import HubSpotConnector

    return HubSpotConnector(settings)


CONNECTORS: tuple[ConnectorSpec, ...] = (
    ConnectorSpec("salesforce", SALESFORCE_STREAMS, connect_salesforce),
    ConnectorSpec("hubspot", HUBSPOT_STREAMS, connect_hubspot),
)
