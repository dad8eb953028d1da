import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from onefunnel import exit_codes
from onefunnel.home import Home
from onefunnel.run_lock import Busy, run_lock

HOLD = """
import sys, time
from pathlib import Path
from onefunnel.home import Home
from onefunnel.run_lock import run_lock
with run_lock(Home(Path(sys.argv[1])), "onefunnel run"):
    print("held", flush=True)
    time.sleep(60)
"""


def holding(home: Path) -> subprocess.Popen:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_run_is_refused_naming_the_first_and_a_killed_one_leaves_no_lock(tmp_path):
    home = Home(tmp_path / "home").create()
    first = holding(home.root)
    try:
        with pytest.raises(Busy) as caught, run_lock(home, "another"):
            pass
        assert caught.value.exit_code == exit_codes.BUSY
        assert f"`onefunnel run`, process {first.pid}, started 20" in str(caught.value)
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        first.stdout.close()
    with run_lock(home, "after the kill"):
        pass


def test_one_process_may_take_it_twice(tmp_path):
    home = Home(tmp_path / "home").create()
    with run_lock(home, "outer"):
        with run_lock(home, "inner"):
            pass
        assert home.lock_file.read_text().count('"pid"') == 1
