"""The shared definitions equal what really happened in the simulated company: no difference.

What really happened is the simulation's own memory (`connectors/sandbox/company/diary.py`), told as
of the local CRM's clock; it reads no record, no API and no model.
"""

import pytest

from connectors.sandbox import company
from tests import warehouse
from tests.truth import differences

SHOWN = 60


def check(size: str, seed: int, folder) -> None:
    world, truth = company.build_with_truth(size, seed)
    silent = sum(human["is_unrecorded"] for human in truth.people)
    assert silent < 0.06 * len(truth.people), "what nobody can know must stay the exception"
    built = warehouse.build(folder, world, "+path:models/definitions")
    found = differences(built, truth)
    assert not found, f"{len(found)} differences:\n" + "\n".join(found[:SHOWN])


@pytest.mark.timeout(300)
def test_the_definitions_equal_what_really_happened(tmp_path):
    check("small", 1, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_definitions_equal_what_really_happened_in_the_whole_company(tmp_path, seed):
    check("demo", seed, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(2, 10))
def test_the_definitions_equal_what_really_happened_in_other_small_companies(tmp_path, seed):
    """What is rare in a small company meets what is rare in another way with every seed."""
    check("small", seed, tmp_path)
