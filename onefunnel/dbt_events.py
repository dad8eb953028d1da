"""What dbt tells while it works: nothing is put together that nobody reads.

dbt formats every event, for the screen and for its log file, before it asks for the level. Two of
three are for debugging and go nowhere: together a tenth of a small build.
"""

from __future__ import annotations

from typing import Any

from dbt_common.events import event_manager_client
from dbt_common.events.base_types import BaseEvent, DebugLevel, EventLevel
from dbt_common.events.event_manager import EventManager

ALL = (EventLevel.DEBUG, EventLevel.TEST)


class ReadEvents(EventManager):
    """dbt's own manager without the events for debugging, unless a log asks for them."""

    def fire_event(
        self, e: BaseEvent, level: EventLevel | None = None, *told: Any, **named: Any
    ) -> None:
        """Pass on what is read."""
        if level is None and isinstance(e, DebugLevel) and not self.is_debugging:
            return
        super().fire_event(e, level, *told, **named)

    @property
    def is_debugging(self) -> bool:
        """Whether a log wants everything (`--debug`, `--log-level-file debug`)."""
        return any(logger.level in ALL for logger in self.loggers)


def tell_what_is_read() -> None:
    """Let dbt in this process tell by this manager."""
    event_manager_client.ctx_set_event_manager(ReadEvents())
