"""Copies of the dbt project with a change in them, as a pull request would bring it."""

import shutil
from pathlib import Path

from onefunnel.config import DBT_PROJECT


def copy_of(folder: Path) -> Path:
    """The project without what dbt made of it."""
    return Path(
        shutil.copytree(
            DBT_PROJECT, folder / "dbt_project", ignore=shutil.ignore_patterns("target", "logs")
        )
    )


def edit(project: Path, file: str, old: str, new: str) -> Path:
    """Change one place of one file; the place must be there."""
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} holds no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return project
