"""Tables of shares with two orders, as cohorts by age: rows, columns, and a count of how many in
each cell; read from a mart that a page names, kept along one filter at a time.

Belongs here: the grid that kinds `matrix` and `lines` draw. Not here: drawing it (`kinds/`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboards.labels import clean, label
from dashboards.payload import number
from dashboards.source_data import ALL, PageData

Cell = tuple[float, float]


@dataclass(frozen=True)
class Grid:
    """Rows by columns for each choice (`all`, `source:paid-search`, ...).

    A cell is (numerator, denominator); None is not yet observed. `about` is the slug of the metric
    or breakdown whose meaning, owners and version are shown. `corner` heads the rows, `of` the
    column that says of how many.
    """

    about: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[str, Sequence[Sequence[Cell | None]]] = field(default_factory=dict)
    corner: str = ""
    of: str = "n"

    def everybody(self) -> Sequence[Sequence[Cell | None]]:
        """The cells when nothing is chosen."""
        return self.cells.get("all") or [[None] * len(self.columns) for _ in self.rows]


def read(
    data: PageData,
    sql: str,
    *,
    about: str,
    corner: str,
    of: str,
    parameters: Sequence[object] = (),
) -> Grid:
    """A grid from a query that gives row, column, segment, region, source, numerator, denominator.

    Rows and columns stand in the order in which the query first names them. A combination that the
    query leaves out is not yet observed. Choices along more than one filter are left out.
    """
    found = data.rows(sql, *parameters)
    rows = tuple(dict.fromkeys(str(row["row"]) for row in found))
    columns = tuple(dict.fromkeys(str(row["column"]) for row in found))
    at_row = {name: place for place, name in enumerate(rows)}
    at_column = {name: place for place, name in enumerate(columns)}
    cells: dict[str, list[list[Cell | None]]] = {}
    for row in found:
        key = _choice(data, row)
        if key is None:
            continue
        table = cells.setdefault(key, [[None] * len(columns) for _ in rows])
        table[at_row[str(row["row"])]][at_column[str(row["column"])]] = (
            row["numerator"] or 0, row["denominator"] or 0,
        )  # fmt: skip
    names = (tuple(map(clean, rows)), tuple(map(clean, columns)))
    return Grid(about, *names, cells=cells, corner=corner, of=of)


def whole(grid: Grid) -> Grid:
    """The grid with "none" wherever a row has records and a column none of them."""
    cells = {choice: [_whole(row) for row in table] for choice, table in grid.cells.items()}
    return replace(grid, cells=cells)


def _whole(row: Sequence[Cell | None]) -> list[Cell | None]:
    of = max((cell[1] for cell in row if cell), default=0.0)
    return [cell or ((0, of) if of else None) for cell in row]


def _choice(data: PageData, row: Mapping[str, Any]) -> str | None:
    slug_of = {
        (name, choice.value): choice.slug
        for name, choices in data.choices.items()
        for choice in choices
    }
    given = [
        f"{name}:{slug_of[(name, row[name])]}"
        for name in ("segment", "region", "source")
        if row.get(name, ALL) != ALL and (name, row[name]) in slug_of
    ]
    return None if len(given) > 1 else given[0] if given else "all"


def packed(grid: Grid) -> dict[str, Any]:
    """Numerators and denominators of every choice, row by row; null is not yet observed."""
    return {
        "about": grid.about,
        "rows": [_named(name) for name in grid.rows],
        "columns": [_named(name) for name in grid.columns],
        "corner": grid.corner,
        "of": grid.of,
        "num": {key: _flat(cells, 0) for key, cells in grid.cells.items()},
        "den": {key: _flat(cells, 1) for key, cells in grid.cells.items()},
    }


def _named(name: str) -> dict[str, str]:
    return {"label": name} if label(name) == name else {"label": name, "plot": label(name)}


def _flat(cells: Sequence[Sequence[Cell | None]], part: int) -> list[float | int | None]:
    return [None if cell is None else number(cell[part]) for row in cells for cell in row]
