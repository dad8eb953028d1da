"""Run the local CRM as a process of its own, where its clock last stood.

What it serves and answers is in `connectors/sandbox/`; here is only starting and finding it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from connectors.sandbox import state
from onefunnel import exit_codes, with_parent
from onefunnel.config import Config
from onefunnel.home import Home
from onefunnel.refusal import Refusal

START_SECONDS = 120.0
CREDENTIAL = "local"


@dataclass(frozen=True)
class LocalCrm:
    """A local CRM that answers."""

    url: str

    def environment(self) -> Mapping[str, str]:
        """Settings that point both connectors at it."""
        return {
            "SALESFORCE_URL": self.url,
            "SALESFORCE_CLIENT_ID": CREDENTIAL,
            "SALESFORCE_CLIENT_SECRET": CREDENTIAL,
            "HUBSPOT_URL": self.url,
            "HUBSPOT_ACCESS_TOKEN": CREDENTIAL,
            "SALESFORCE_WEB_URL": self.url,
            "HUBSPOT_WEB_URL": f"{self.url}/contacts/1",
            # Whatever .env says of another way to log in does not count here.
            "SALESFORCE_USERNAME": "",
            "SALESFORCE_PRIVATE_KEY": "",
        }


def knows(home: Home) -> bool:
    """Whether this home has worked with a local CRM before."""
    return state.path_in(home.root).is_file()


@contextmanager
def started(config: Config, *, size: str = "demo", seed: int = 1) -> Iterator[LocalCrm]:
    """Serve the home's local CRM for as long as the block runs, on any free port."""
    running = answering(config.home)
    if running:
        yield running
        return
    ready = config.home.private / f"local-crm-{os.getpid()}.url"
    ready.unlink(missing_ok=True)
    command = with_parent.command("onefunnel.cli", "sandbox", "serve", "--port", "0")
    command += ["--ready-file", str(ready)]
    if not knows(config.home):
        command += ["--size", size, "--seed", str(seed)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ONEFUNNEL_HOME": str(config.home.root)},
        start_new_session=True,
    )
    try:
        yield LocalCrm(wait_until_ready(process, ready))
    finally:
        ready.unlink(missing_ok=True)
        stop(process)


def wait_until_ready(process: subprocess.Popen[str], ready: Path) -> str:
    """Return the URL once it is known; a process that ended instead says why."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            said = process.stderr.read().strip() if process.stderr else ""
            raise Refusal(f"The local CRM did not start: {said or 'it ended at once'}")
        try:
            url = ready.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            url = ""
        if url:
            return url
        time.sleep(0.05)
    raise Refusal("The local CRM did not start in time", remedy="Run again")


def stop(process: subprocess.Popen[str]) -> None:
    """End the process that was started here."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stderr:
        process.stderr.close()


def answering(home: Home) -> LocalCrm | None:
    """The home's local CRM, if one is running already."""
    known = read_state(home)
    if known is None:
        return None
    url = f"http://127.0.0.1:{known.port}"
    try:
        os.kill(known.pid, 0)
        answer = requests.get(f"{url}/_sandbox/clock", timeout=2)
        same = answer.ok and answer.json()["now"] == known.now
    except (OSError, requests.RequestException, ValueError, KeyError, TypeError):
        return None
    return LocalCrm(url) if same else None


def read_state(home: Home) -> state.SandboxState | None:
    """What the home's local CRM was, None when it never had one."""
    try:
        return state.read(home.root)
    except ValueError as error:
        raise Refusal(str(error), exit_code=exit_codes.STORAGE) from None
