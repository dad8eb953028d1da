"""Keep dbt's manifest (with the models compiled) up to date, since assets are made from it.

Compiled only when a file of the dbt project changed; several processes may ask at once. What dbt
parsed is kept beside the project too, so that another home begins with it: parsing is the longest
part of a small run.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from onefunnel.config import DBT_PROJECT
from onefunnel.home import Home
from onefunnel.refusal import Refusal, storage_problem
from onefunnel.seed_file import unreadable

WATCHED = ("dbt_project.yml", "profiles.yml", "models", "seeds", "macros", "tests")
SHOWN_LINES = 15
PARSED = ("manifest.json", "partial_parse.msgpack")
SHARED = DBT_PROJECT / "target" / "parsed"
# dbt as a child process: see orchestration/dbt_process.py.
DBT_COMMAND = (sys.executable, "-m", "orchestration.dbt_process")


def ensure(home: Home) -> Path:
    """Return the path of a manifest that fits the project's files."""
    wanted = project_digest()
    note = home.private / "manifest.digest"
    with open(home.private / "manifest.lock", "a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = note.read_text(encoding="utf-8") if note.is_file() else ""
        if known != wanted or not home.manifest.is_file():
            if not take_shared(home, wanted):
                forget_elsewhere(home.dbt_target)
                compile_models(home)
                share(home, wanted)
            replace(home.manifest, (home.dbt_target / "manifest.json").read_bytes())
            replace(note, wanted.encode())
    return home.manifest


def take_shared(home: Home, digest: str) -> bool:
    """Begin with what another home's dbt parsed of the very same files."""
    try:
        parsed = {name: (SHARED / digest / name).read_bytes() for name in PARSED}
    except FileNotFoundError:
        return False
    home.dbt_target.mkdir(parents=True, exist_ok=True)
    for name, content in parsed.items():
        replace(home.dbt_target / name, content)
    return True


def share(home: Home, digest: str) -> None:
    """Leave what dbt parsed for other homes; a project that is read-only keeps nothing."""
    if not os.access(DBT_PROJECT, os.W_OK):
        return
    shutil.rmtree(SHARED, ignore_errors=True)
    (SHARED / digest).mkdir(parents=True, exist_ok=True)
    for name in PARSED:
        replace(SHARED / digest / name, (home.dbt_target / name).read_bytes())


def forget_elsewhere(target: Path) -> None:
    """Drop what dbt parsed of the project in another folder.

    dbt reads a seed where it lay when it was first parsed, and does not notice that it moved.
    """
    told = target / "manifest.json"
    nodes = read(told)["nodes"].values() if told.is_file() else ()
    if {node.get("root_path") for node in nodes} - {None, str(DBT_PROJECT)}:
        (target / "partial_parse.msgpack").unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any]:
    """Read a manifest."""
    return json.loads(path.read_bytes())


def compile_models(home: Home) -> None:
    """Parse the project and compile all models, without opening any database."""
    environment = {
        **os.environ,
        "ONEFUNNEL_WAREHOUSE": str(home.warehouse),
        "DBT_TARGET_PATH": str(home.dbt_target),
        "DBT_LOG_PATH": str(home.dbt_target),
    }
    done = subprocess.run(
        [
            *DBT_COMMAND,
            "--quiet",
            "compile",
            "--no-introspect",
            "--no-populate-cache",
            *("--select", "resource_type:model"),
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        ],
        env=environment,
        cwd=DBT_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        lines = unreadable(DBT_PROJECT) or said.splitlines()[-SHOWN_LINES:]
        raise storage_problem(said, home.root) or Refusal(
            "The dbt project cannot be read:\n" + "\n".join(lines),
            remedy=f"Correct the file that is named, in {DBT_PROJECT}",
        )


def project_digest() -> str:
    """Changes with every edit of a file of the project."""
    digest = hashlib.sha256(sys.version.encode())
    for name in WATCHED:
        top = DBT_PROJECT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                stat = path.stat()
                digest.update(f"{path}|{stat.st_mtime_ns}|{stat.st_size}\n".encode())
    return digest.hexdigest()


def replace(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def required_columns(
    manifest: Mapping[str, Any], *, with_optional: bool = True
) -> dict[str, dict[str, Sequence[str]]]:
    """Raw columns that staging reads, by source and stream.

    An optional one (`is_optional` in its meta) is a company's own field that nothing misses where
    it does not exist.
    """
    required: dict[str, dict[str, Sequence[str]]] = {}
    for source in manifest["sources"].values():
        if source["schema"].startswith("raw_"):
            required.setdefault(source["source_name"], {})[source["name"]] = [
                name
                for name, column in source["columns"].items()
                if with_optional or not column["config"]["meta"].get("is_optional")
            ]
    return required


def prepare() -> None:
    """Parse the project at set-up, so that the first run of any home need not."""
    with tempfile.TemporaryDirectory() as folder:
        ensure(Home(Path(folder)).create())


if __name__ == "__main__":
    prepare()
