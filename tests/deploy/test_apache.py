"""The shipped Apache configuration, run as it is, with a throw-away identity provider."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from onefunnel.commands.dev import free_port
from tests.conftest import ROOT
from tests.deploy.identity_provider import CLIENT, SECRET, IdentityProvider, Person

pytestmark = pytest.mark.slow

CONFIGURATION = ROOT / "deploy" / "apache" / "onefunnel.conf"
MODULES = Path("/usr/lib/apache2/modules")
# What Debian's own apache2.conf brings before a site's configuration.
AROUND = """
ServerRoot "{folder}"
PidFile "{folder}/apache.pid"
ErrorLog "{folder}/error.log"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
{modules}
TypesConfig /etc/mime.types
{user}
Include "{configuration}"
"""
NEEDED = (
    "mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc", "dir", "mime",
    "headers", "filter", "deflate",
)  # fmt: skip
MARKETING = Person("mia", ("marketing-team", "everybody"))
SALES = Person("sam", ("sales-team",))
FINANCE = Person("fay", ("finance-team", "everybody"))


def readable_site(folder: Path) -> Path:
    """A home whose release Apache's own user may read."""
    release = folder / "home/releases/one/site"
    (release / "assets").mkdir(parents=True)
    (release / "index.html").write_text("<p>start</p>")
    (release / "overview.html").write_text("<p>Are we building pipeline together?</p>" * 50)
    (release / "assets/site.1a2b.js").write_text("'use strict';" * 100)
    (folder / "home/private").mkdir()
    (folder / "home/private/warehouse.duckdb").write_text("private")
    (folder / "home/current").symlink_to("releases/one")
    return folder / "home"


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    served = IdentityProvider(free_port(0))
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def apache(provider) -> Iterator[str]:
    if not (MODULES / "mod_auth_openidc.so").is_file():
        message = "Apache is not installed: apt-get install apache2 libapache2-mod-auth-openidc"
        if os.environ.get("REQUIRE_APACHE"):
            pytest.fail(message)
        pytest.skip(message)
    # Not pytest's folder: its parents are closed to the user as which Apache serves.
    with tempfile.TemporaryDirectory() as folder:
        yield from serving(Path(folder), provider)


def serving(folder: Path, provider: IdentityProvider) -> Iterator[str]:
    port = free_port(0)
    user = ""
    home = readable_site(folder)
    if os.geteuid() == 0:
        user = "User www-data\nGroup www-data"
        ids = pwd.getpwnam("www-data")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, ids.pw_uid, ids.pw_gid, follow_symlinks=False)
    modules = "\n".join(f'LoadModule {name}_module "{MODULES}/mod_{name}.so"' for name in NEEDED)
    around = folder / "apache.conf"
    around.write_text(
        AROUND.format(
            folder=folder, port=port, user=user, modules=modules, configuration=CONFIGURATION
        )
    )
    settings = {
        "ONEFUNNEL_HOME": str(home),
        "OIDC_METADATA_URL": f"{provider.url}/.well-known/openid-configuration",
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_CRYPTO_PASSPHRASE": "throw-away-passphrase",
        "OIDC_GROUPS_SCOPE": "groups",
        "ONEFUNNEL_MARKETING_GROUP": MARKETING.groups[0],
        "ONEFUNNEL_SALES_GROUP": SALES.groups[0],
    }
    process = subprocess.Popen(
        [shutil.which("apache2") or "/usr/sbin/apache2", "-DFOREGROUND", "-f", str(around)],
        env={**os.environ, **settings},
        stderr=subprocess.PIPE,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(process, url, folder / "error.log")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(process: subprocess.Popen, url: str, log: Path) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and process.poll() is None:
        try:
            requests.get(url, allow_redirects=False, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    said = process.stderr.read().decode() if process.poll() is not None else ""
    raise AssertionError(said + (log.read_text() if log.exists() else ""))


def browse(provider: IdentityProvider, person: Person | None, address: str) -> requests.Response:
    """Open an address as somebody, following wherever the site and the provider send."""
    provider.person = person
    with requests.Session() as browser:
        return browser.get(address, timeout=20)


@pytest.mark.parametrize("path", ["/", "/overview.html", "/assets/site.1a2b.js"])
def test_nobody_reads_without_a_log_in(apache, provider, path):
    answer = requests.get(apache + path, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{provider.url}/authorize?")
    assert "code_challenge=" in answer.headers["Location"]
    assert browse(provider, None, apache + path).status_code == 401


@pytest.mark.parametrize("person", [MARKETING, SALES])
@pytest.mark.parametrize(
    ("path", "held"),
    [
        ("/", "start"),
        ("/overview.html", "building pipeline together"),
        ("/assets/site.1a2b.js", "use strict"),
    ],
)
def test_both_teams_read_pages_and_what_they_are_made_of(apache, provider, person, path, held):
    answer = browse(provider, person, apache + path)
    assert answer.status_code == 200, answer.text
    assert held in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/overview.html", "/assets/site.1a2b.js"])
def test_another_group_is_refused(apache, provider, path):
    answer = browse(provider, FINANCE, apache + path)
    assert answer.status_code in (401, 403)
    assert "pipeline together" not in answer.text
    assert "use strict" not in answer.text


@pytest.mark.parametrize(
    "path", ["/../private/warehouse.duckdb", "/..%2fprivate/warehouse.duckdb", "/assets/"]
)
def test_nothing_but_the_site_is_served(apache, provider, path):
    answer = browse(provider, SALES, apache + path)
    assert answer.status_code in (400, 403, 404)
    assert "private" not in answer.text.replace("private/warehouse", "")


def test_a_session_that_somebody_made_up_is_none(apache, provider):
    answer = requests.get(
        f"{apache}/overview.html",
        cookies={"mod_auth_openidc_session": "made-up"},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 302


def test_pages_are_compressed(apache, provider):
    answer = browse(provider, SALES, f"{apache}/overview.html")
    assert answer.headers.get("Content-Encoding") == "gzip"
