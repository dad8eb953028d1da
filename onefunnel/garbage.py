"""How often Python looks for garbage in processes that hold a whole project or history."""

import gc

# What a command loads stays to its end, and trees of parsed models hold no cycles: to look through
# all of it after every 700 new objects takes a tenth of a command's start and of dbt's own time.
NEW_OBJECTS = 100_000
YOUNGER_COLLECTIONS = 20


def look_seldom() -> None:
    """Let this process look for cycles after many new objects, and through old ones rarely."""
    gc.set_threshold(NEW_OBJECTS, YOUNGER_COLLECTIONS, YOUNGER_COLLECTIONS)
