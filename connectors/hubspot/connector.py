"""Read HubSpot: which reader serves which stream."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from connectors.errors import NotPermitted
from connectors.hubspot.associations import Associations
from connectors.hubspot.crm_objects import CrmObjects
from connectors.hubspot.history import History
from connectors.hubspot.lists import Lists
from connectors.hubspot.marketing import Marketing
from connectors.hubspot.streams import streams_with
from connectors.hubspot.transport import HubSpotTransport
from connectors.settings import HubSpotSettings
from connectors.stream import Reading, ReadRequest, Stream


class HubSpotConnector:
    """One account."""

    source = "hubspot"

    def __init__(self, settings: HubSpotSettings) -> None:
        self.settings = settings
        self.streams: tuple[Stream, ...] = streams_with(settings.extra_objects)
        self.transport = HubSpotTransport(settings)
        self.objects = CrmObjects(self.transport)
        self.history = History(self.objects)
        self.associations = Associations(self.objects)
        self.readers = {
            **Marketing(self.objects).readers,
            **Lists(self.objects).readers,
        }

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self.transport.requests

    def open(self) -> datetime:
        """Try the token; the answer's date is HubSpot's clock."""
        # A token that is good but may not read this still brings the date.
        with suppress(NotPermitted):
            self.transport.get("account")
        return self.transport.server_now or datetime.now(UTC).replace(tzinfo=None)

    def close(self) -> None:
        """Give back connections."""
        self.transport.api.rest_client.pool_manager.clear()

    def read(self, request: ReadRequest) -> Reading:
        """Read one stream."""
        name = request.stream.name
        try:
            if name in self.objects.crm:
                return self.objects.read(request)
            if name.endswith("_history"):
                return self.history.read(request)
            if name == "associations":
                return self.associations.read(request)
            return self.readers[name](request)
        except NotPermitted as refusal:
            refusal.remedy = f"Ask for {request.stream.permission}"
            raise
