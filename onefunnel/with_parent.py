"""Run a Python module as a child that never outlives its parent.

    python -m onefunnel.with_parent PARENT some.module --its-options

A parent that is killed can end nobody; so the child watches whether it still has its parent. The
child leads a process group of its own, and ends all of it.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable

LOOK_EVERY_SECONDS = 0.1


def watch_parent(parent: int, end: Callable[[], None]) -> None:
    """Call `end` soon after the parent has died, whatever this process is doing."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY_SECONDS)
        end()

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def end_group() -> None:
    """End this process and all that it started."""
    os.killpg(0, signal.SIGKILL)


def command(module: str, *args: str) -> list[str]:
    """The command line of a module that ends with this process; start it in a new session."""
    return [sys.executable, "-m", __name__, str(os.getpid()), module, *args]


def main() -> None:
    """Watch, then be the module."""
    parent, module = int(sys.argv[1]), sys.argv[2]
    sys.argv = [module, *sys.argv[3:]]
    watch_parent(parent, end_group)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
