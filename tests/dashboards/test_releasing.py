"""Readers load pages while releases come and go: no load fails, none is of two releases."""

from __future__ import annotations

import http.client
import re
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from onefunnel import web_server
from onefunnel.home import Home
from onefunnel.releases import Releases

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

READERS, RELEASES, KEPT, SECONDS = 3, 14, 3, 0.8
PAGES = ("overview.html", "sources.html", "weekly.html", "index.html")
ASSET = re.compile(r'(?:src|href)="(assets/[^"]+)"')


def publish(releases: Releases, site: Path, number: int) -> str:
    """A release whose pages and script say its name, so that a mixture would show."""
    name = f"run-{number:02}"
    draft = releases.draft(name)
    shutil.copytree(site, draft / "site")
    for page in (draft / "site").glob("*.html"):
        text = page.read_text()
        page.write_text(re.sub(r"(site)\.\w+\.(js)", rf"\1.{name}.\2", text) + f"<!--{name}-->")
    script = next((draft / "site/assets").glob("site.*.js"))
    script.rename(draft / f"site/assets/site.{name}.js")
    script = draft / f"site/assets/site.{name}.js"
    script.write_text(script.read_text() + f"\n//{name}")
    releases.carry_assets(draft)
    releases.serve(releases.seal(draft, name, datetime(2026, 6, 30), {}).name)
    releases.prune(KEPT)
    return name


class Reader:
    """Loads a page and then what it asks for, again and again, on a connection of its own."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        self.address, self.stop = urlsplit(url).netloc, stop
        self.loads, self.problems, self.seen = 0, [], set()

    def ask(self, path: str) -> str:
        connection = http.client.HTTPConnection(self.address, timeout=20)
        try:
            connection.request("GET", f"/{path}")
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        self.loads += 1
        length = answer.headers["Content-Length"]
        if answer.status != 200 or (length and len(body) != int(length)):
            self.problems.append(f"{path}: {answer.status}, {len(body)} of {length} bytes")
        return body.decode()

    def read(self) -> None:
        turn = 0
        while not self.stop.is_set():
            path = PAGES[turn % len(PAGES)]
            turn += 1
            try:
                self.whole(path)
            except Exception as error:
                self.problems.append(f"{path}: {type(error).__name__} {error}")

    def whole(self, path: str) -> None:
        """Page and assets, as a browser loads them; the assets a moment later than the page."""
        text = self.ask(path)
        name = text.rpartition("<!--")[2].removesuffix("-->")
        self.seen.add(name)
        if "</html>" not in text or not name.startswith("run-"):
            self.problems.append(f"{path}: cut off")
        time.sleep(0.05)
        for asset in sorted(set(ASSET.findall(text))):
            body = self.ask(asset)
            if "/site.run" in asset and not body.endswith(f"//{name}"):
                self.problems.append(f"{path} of {name} got {asset} with {body[-12:]}")


def test_no_load_fails_while_releases_come_and_go(built, tmp_path):
    home = Home(tmp_path / "home").create()
    releases = Releases(home)
    publish(releases, built / "site", 0)
    stop = threading.Event()
    with web_server.running(home.current / "site") as url, ThreadPoolExecutor(READERS) as pool:
        readers = [Reader(url, stop) for _ in range(READERS)]
        reading = [pool.submit(reader.read) for reader in readers]
        for number in range(1, RELEASES + 1):
            time.sleep(SECONDS)
            publish(releases, built / "site", number)
        time.sleep(SECONDS)
        stop.set()
        for one in reading:
            one.result()
    assert [problem for reader in readers for problem in reader.problems] == []
    loads = sum(reader.loads for reader in readers)
    seen = set.union(*(reader.seen for reader in readers))
    print(f"{loads:,} loads while {RELEASES} releases came, {len(seen)} of them read; 0 failed")
    assert loads > 300
    assert len(seen) >= 10
    assert len(releases.all()) == KEPT
