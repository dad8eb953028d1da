"""The yardstick itself: it must see what other people's connectors are known to do to records."""

import pytest

from tests.foreign.truth import agree, same

KEPT = {"1": {"id": "1", "zip": "00501", "score": 12.5, "gone": ""}, "2": {"id": "2"}}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("501", "00501"),
        (None, "NA"),
        (" x", " x "),
        ("a\nb", "a\r\nb"),
        (True, "false"),
        (1, "01x"),
    ],
)
def test_a_changed_value_is_seen(told, kept):
    assert not same(told, kept)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("", None),
        ("12.50", 12.5),
        ("true", True),
        ("2026-06-30T12:00:00.000+0000", "2026-06-30T12:00:00Z"),
        ("2026-06-30T00:00:00.000000Z", "2026-06-30"),
    ],
)
def test_another_spelling_of_a_value_is_the_same(told, kept):
    assert same(told, kept)


def test_lost_doubled_invented_and_untold_are_told_apart():
    one = {"id": "1", "zip": "00501", "score": 12.5}
    assert agree([one, {"id": "2"}], KEPT, key="id") == []
    assert agree([one], KEPT, key="id") == ["2 is missing"]
    assert agree([one, one, {"id": "2"}], KEPT, key="id") == ["1 came 2 times"]
    assert agree([one, {"id": "2"}, {"id": "3"}], KEPT, key="id") == ["3 is not there"]
    partial = {"id": "1", "zip": "00501"}
    assert agree([partial, {"id": "2"}], KEPT, key="id") == ["1.score is not told"]
