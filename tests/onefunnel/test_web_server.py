"""`onefunnel serve` over HTTP: compressed, strict, and always the current release."""

import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from connectors import loopback
from onefunnel import web_server
from onefunnel.home import Home
from onefunnel.releases import Releases

PAGE = "<!doctype html><title>One</title>" + "<p>Forty-two of forty-two</p>" * 400
SCRIPT = "const figures = [1, 2, 3];\n" * 400


def release(home: Home, name: str, page: str) -> None:
    releases = Releases(home)
    draft = releases.draft(name)
    (draft / "site/assets").mkdir(parents=True)
    (draft / "site/index.html").write_text(page)
    (draft / "site/overview.html").write_text(page)
    (draft / "site/assets/site.0123.js").write_text(SCRIPT)
    (draft / "published.duckdb").write_text("everybody's")
    releases.serve(releases.seal(draft, name, datetime(2026, 6, 30), {}).name)


@pytest.fixture
def home(tmp_path) -> Home:
    made = Home(tmp_path / "home").create()
    release(made, "one", PAGE)
    return made


@pytest.fixture
def url(home):
    with web_server.running(home.current / "site") as address:
        yield address


def ask(url: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [
        ("/overview.html", 200, "no-cache"),
        ("/", 200, "no-cache"),
        ("/assets/site.0123.js", 200, "max-age=31536000, immutable"),
        ("/assets/gone.js", 404, "no-cache"),
        ("/assets/", 404, "no-cache"),
        ("/%2e%2e/published.duckdb", 404, "no-cache"),
        ("/..%2f..%2fone/published.duckdb", 404, "no-cache"),
        ("/%00", 404, "no-cache"),
    ],
)
def test_every_answer_is_strict_and_only_hashed_files_are_kept(url, path, status, kept):
    answer, body = ask(url, path)
    assert answer.status == status
    assert answer.headers["Content-Security-Policy"] == web_server.POLICY
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == kept
    assert b"everybody's" not in body


def test_pages_and_scripts_are_compressed_for_those_who_read_that(url):
    for path, text in (("/overview.html", PAGE), ("/assets/site.0123.js", SCRIPT)):
        answer, body = ask(url, path)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert gzip.decompress(body).decode() == text
        assert len(body) < len(text) / 10
        plain, whole = ask(url, path, **{"Accept-Encoding": "identity"})
        assert plain.headers["Content-Encoding"] is None
        assert whole.decode() == text


def test_what_a_browser_has_is_not_sent_again_until_the_next_release(home, url):
    first, _ = ask(url, "/overview.html")
    known = {"If-None-Match": first.headers["ETag"]}
    again, body = ask(url, "/overview.html", **known)
    assert (again.status, body) == (304, b"")
    assert again.headers["Content-Security-Policy"] == web_server.POLICY
    release(home, "two", PAGE.replace("Forty-two", "Forty-one"))
    changed, body = ask(url, "/overview.html", **known)
    assert changed.status == 200
    assert b"Forty-one" in gzip.decompress(body)


def test_the_command_serves_says_where_and_ends_at_ctrl_c(home):
    process = subprocess.Popen(
        [Path(sys.executable).parent / "onefunnel", "serve", "--port", "0"],
        env={**os.environ, "ONEFUNNEL_HOME": str(home.root), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        said = process.stdout.readline()
        assert said.startswith("The dashboards are at http://127.0.0.1:")
        with urllib.request.urlopen(f"{said.split()[4]}overview.html", timeout=10) as answer:
            assert answer.read().decode() == PAGE
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=20)[0]
    finally:
        process.kill()
    assert (process.returncode, rest) == (0, "")


def test_a_busy_port_that_was_asked_for_is_refused_and_the_usual_one_gives_way(monkeypatch):
    with socket.socket() as busy:
        busy.bind((loopback.HOST, 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(loopback.PortBusyError, match="--port"):
            web_server.bind(port)
        monkeypatch.setattr(web_server, "USUAL_PORT", port)
        with web_server.bind(None) as other:
            assert other.getsockname()[1] != port
