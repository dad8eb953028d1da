"""The files of a report, each written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from review.shown import markdown, page
from review.shown.words import document, title

# Who changes sides, by the CRM's ids: for those who may open the CRM, never for a comment.
PRIVATE = "ids.json"


def written_to(folder: Path, report: Mapping[str, Any], ids: Sequence[Mapping[str, Any]]) -> None:
    """Write comment, page and values; the ids in a file that only its owner reads."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PRIVATE).unlink(missing_ok=True)
    values = json.dumps(report, indent=1, default=str, allow_nan=False)
    plain = json.loads(values)
    put(folder / "impact.json", values)
    put(folder / "impact.md", markdown.written(document(plain)))
    put(folder / "impact.html", page.written(document(plain), title(plain)))
    if ids:
        put(folder / PRIVATE, json.dumps(ids, indent=1, default=str), 0o600)


def put(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    draft.replace(path)
