"""Read the earlier values of chosen properties: HubSpot keeps the last ones of each."""

from __future__ import annotations

from itertools import chain

from connectors import known
from connectors.hubspot import records
from connectors.hubspot.crm_objects import FULL_PASS, CrmObjects
from connectors.hubspot.streams import CRM_OBJECT, CrmObject
from connectors.stream import Reading, ReadRequest

BATCH = 50
# Properties whose earlier values have been read of all records.
READ_OF_ALL = "history_of"


class History:
    """Reads the history of one account's records."""

    def __init__(self, objects: CrmObjects) -> None:
        self.objects = objects

    def read(self, request: ReadRequest) -> Reading:
        """Read earlier values: of all records at first, then of those that have landed since.

        A property that is asked for since, or that the account has since, is read of all again.
        """
        crm = CRM_OBJECT[request.stream.name.removesuffix("_history")]
        wanted = self.wanted(crm)
        state, window, landing = request.state, request.window, request.landing
        mark = {
            known.MARK.format(stream=crm.name): known.newest(landing, "hubspot", crm.name),
            READ_OF_ALL: ",".join(wanted),
        }
        if state is None or request.is_first:
            # What lands while a first load is under way is read again after it.
            mark = {**mark, **(state.marks if state else {})}
            request.told = Reading(marks=mark)
        if (
            state is None
            or request.is_first
            or not set(wanted) <= set(state.marks.get(READ_OF_ALL, "").split(","))
            or state.is_due(FULL_PASS, self.objects.schedule.full_pass, window.end)
        ):
            for archived, page in self.objects.everything(request, crm.name, [], wanted):
                request.writer.add(chain.from_iterable(map(records.history_rows, page.records)))
                request.save(archived=str(archived), after=page.after or "")
                request.progress(request.writer.rows_read)
            return Reading(is_full=True, marks={FULL_PASS: window.end.isoformat(), **mark})
        ids, gone = known.landed_since(landing, "hubspot", crm.name, state)
        for archived in (False, True):
            some = [one for one in ids if (one in gone) is archived]
            self.read_some(request, crm, wanted, some, archived=archived)
        parent = landing.state("hubspot", crm.name)
        return Reading(marks=mark, complete_to=parent.window_end if parent else None)

    def read_some(
        self,
        request: ReadRequest,
        crm: CrmObject,
        wanted: list[str],
        ids: list[str],
        *,
        archived: bool,
    ) -> None:
        """Read records by id; a value later than the window is read next time."""
        if not ids:
            return
        what = {"properties": [], "propertiesWithHistory": wanted}
        for page in self.objects.batch_read(crm.name, ids, what, BATCH, archived=archived):
            request.writer.add(
                row
                for row in chain.from_iterable(map(records.history_rows, page))
                if records.is_seen(row["timestamp"], request.window)
            )
            request.progress(request.writer.rows_read)

    def wanted(self, crm: CrmObject) -> list[str]:
        """Properties whose history is wanted, and that this account has."""
        have = {one["name"] for one in self.objects.schema(crm.name)}
        return [name for name in crm.history if name in have]
