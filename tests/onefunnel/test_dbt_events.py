import io

import pytest
from dbt_common.events.base_types import EventLevel
from dbt_common.events.logger import LineFormat, LoggerConfig
from dbt_common.events.types import Note, SystemStdErr

from onefunnel.dbt_events import ReadEvents


@pytest.mark.parametrize(
    ("level", "read"),
    [(EventLevel.INFO, ["noted", "raised"]), (EventLevel.DEBUG, ["noted", "detail", "raised"])],
)
def test_what_is_for_debugging_is_told_only_where_it_is_asked_for(level, read):
    shown = io.StringIO()
    manager = ReadEvents()
    manager.add_logger(
        LoggerConfig("shown", line_format=LineFormat.PlainText, level=level, output_stream=shown)
    )
    manager.fire_event(Note(msg="noted"))
    manager.fire_event(SystemStdErr(bmsg="detail"))
    manager.fire_event(SystemStdErr(bmsg="raised"), level=EventLevel.WARN)
    told = [line.split()[-1].strip('"') for line in shown.getvalue().splitlines() if line.strip()]
    assert told == read
