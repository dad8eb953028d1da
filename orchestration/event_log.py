"""Dagster's own event log in SQLite, with its database engines kept between events.

Dagster makes an engine and a connection per event and asks for tables each time, so every
statement is compiled anew and every commit waits for the disk: more than half of what a run of a
few hundred models and checks costs in the embedded set-up. Storage and schema are unchanged; a
power cut may lose the last events, no more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine

KEPT_ENGINES = 16
BUSY_SECONDS = 60


class EventLog(SqliteEventLogStorage):
    """The same storage; engine and connection stay open from event to event."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(*args, **kwargs)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """No settings: it lies where Dagster's own would."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> EventLog:
        """Open the log of `$DAGSTER_HOME`."""
        return cls(str(Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"), inst_data)

    def has_table(self, table_name: str) -> bool:
        """Whether the schema has a table: Dagster asks with every event, and tables stay."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.pop(shard, None) or self._open(shard)
            self._engines[shard] = engine
            for oldest in list(self._engines)[:-KEPT_ENGINES]:
                self._engines.pop(oldest).dispose()
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _open(self, shard: str) -> Engine:
        engine = create_engine(
            self.conn_string_for_shard(shard), connect_args={"timeout": BUSY_SECONDS}
        )
        event.listen(engine, "connect", write_behind)
        return engine


def write_behind(connection: Any, _: Any) -> None:
    """With its write-ahead log, SQLite stays consistent without waiting at every commit."""
    connection.execute("pragma synchronous = normal")
