import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from onefunnel import exit_codes
from onefunnel.home import Home
from onefunnel.refusal import Refusal
from onefunnel.releases import Releases
from review import ledger

AS_OF = datetime(2026, 6, 30, 12)


@pytest.fixture
def releases(tmp_path) -> Releases:
    return Releases(Home(tmp_path / "home").create())


def publish(releases: Releases, run_id: str, page: str) -> str:
    draft = releases.draft(run_id)
    (draft / "site" / "assets").mkdir(parents=True)
    (draft / "site" / "overview.html").write_text(page)
    (draft / "site" / "assets" / f"site.{run_id}.js").write_text(run_id)
    (draft / "ledger.jsonl").write_text('{"kind": "run"}\n')
    releases.carry_assets(draft)
    name = releases.seal(draft, run_id, AS_OF, {"headline": {"mqls": 1}}).name
    releases.serve(name)
    ledger.append(releases.home.ledger, name, releases.link / "ledger.jsonl")
    time.sleep(1.01)  # releases are ordered by the second in which they were sealed
    return name


def served(releases: Releases) -> str:
    return (releases.link / "site" / "overview.html").read_text()


def test_publish_roll_back_and_name_a_release(releases):
    first, second = publish(releases, "run1", "one"), publish(releases, "run2", "two")
    assert served(releases) == "two"
    assert releases.roll_back().name == first
    assert served(releases) == "one"
    assert releases.roll_back(second).name == second
    with pytest.raises(Refusal, match="There is no release nonsense"):
        releases.roll_back("nonsense")


def test_nothing_published_has_its_own_exit_code(releases):
    with pytest.raises(Refusal, match="Nothing is published") as caught:
        releases.roll_back()
    assert caught.value.exit_code == exit_codes.NOTHING_PUBLISHED


def test_a_damaged_release_is_not_served_again(releases):
    first = publish(releases, "run1", "one")
    publish(releases, "run2", "two")
    page = releases.root / first / "site" / "overview.html"
    page.chmod(0o644)
    page.write_text("flipped")
    with pytest.raises(Refusal, match=r"damaged: site/overview\.html"):
        releases.roll_back()
    assert served(releases) == "two"


def test_what_a_killed_run_left_is_removed_and_what_is_served_stays(releases):
    first = publish(releases, "run1", "one")
    draft = releases.draft("killed")
    (draft / "half").write_text("half")
    sealed = releases.draft("sealed")
    (sealed / "x").write_text("x")
    releases.seal(sealed, "run2", AS_OF, {})
    releases.clear_leftovers()
    assert os.listdir(releases.root) == [first]
    assert served(releases) == "one"


def test_old_releases_go_but_never_the_current_one(releases):
    first = publish(releases, "run1", "one")
    second, third = publish(releases, "run2", "two"), publish(releases, "run3", "three")
    releases.roll_back(first)
    assert releases.prune(2) == []
    releases.roll_back(third)
    assert releases.prune(2) == [first]
    assert {release.name for release in releases.all()} == {second, third}
    assert len(list(releases.home.ledger.glob("*.jsonl"))) == 3


def test_a_page_loaded_before_the_change_still_finds_its_files(releases):
    publish(releases, "run1", "one")
    publish(releases, "run2", "two")
    names = sorted(path.name for path in (releases.link / "site" / "assets").iterdir())
    assert names == ["site.run1.js", "site.run2.js"]


def test_the_same_run_published_again_gets_a_number(releases):
    publish(releases, "run1", "one")
    draft = releases.draft_from_current("again")
    (draft / "site" / "overview.html").unlink()
    (draft / "site" / "overview.html").write_text("one, better drawn")
    assert releases.seal(draft, "run1", AS_OF, {}).name == "run1.2"
    assert served(releases) == "one"


PUBLISH_FOR_EVER = """
import sys
from datetime import datetime
from pathlib import Path
from onefunnel.home import Home
from onefunnel.releases import Releases
releases = Releases(Home(Path(sys.argv[1])))
for number in range(10_000):
    draft = releases.draft(str(number))
    (draft / "site").mkdir(exist_ok=True)
    for name in ("overview.html", "sources.html"):
        (draft / "site" / name).write_text(str(number))
    releases.serve(releases.seal(draft, f"x{number}", datetime(2026, 6, 30), {}).name)
    releases.prune(3)
"""


@pytest.mark.parametrize("moment", [1, 3, 6])
def test_kill_at_any_moment_serves_one_whole_release(tmp_path, moment):
    home = Home(tmp_path / "home").create()
    process = subprocess.Popen([sys.executable, "-c", PUBLISH_FOR_EVER, str(home.root)])
    give_up = time.monotonic() + 60
    while len(list(home.releases.glob("x*"))) < min(moment, 3) and time.monotonic() < give_up:
        time.sleep(0.002 * moment)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    releases = Releases(home)
    releases.clear_leftovers()
    current = releases.current()
    if current is None:
        pytest.skip("killed before the first release")
    assert releases.damage(current) == []
    pages = {path.read_text() for path in (home.current / "site").iterdir()}
    assert len(pages) == 1
    assert not [path for path in home.releases.iterdir() if path.name.startswith(".")]
    assert Path(os.readlink(home.current)).name == current.name
