"""Which tests show what becomes of each fault in data and time, numbered on from the loss table.

The faults of an API, of credentials and of a changed schema (1 to 22) stand in docs/loss-table.md
with what was measured. A test is named by file and function, or by its name in dbt.
"""

import ast

import pytest

from tests.conftest import ROOT

LANDING = "tests/connectors/test_landing.py::"
EXTRACT = "tests/connectors/test_extract.py::"
HUBSPOT = "tests/connectors/test_extract_hubspot.py::"
STAMPS = "tests/connectors/test_stamps.py::"
ODD = "tests/test_odd_records.py::"
CASES = "tests/test_cases.py::"

FAULTS = {
    23: ("the same record twice", [
        LANDING + "test_identical_rows_do_not_land_twice_and_the_cursor_still_moves",
        LANDING + "test_a_piece_that_brings_nothing_new_leaves_the_writer_ready_for_the_next",
        "every_raw_lead_and_contact_is_one_person",
    ]),
    24: ("an older version after a newer one", [
        LANDING + "test_a_change_lands_once_the_newer_version_wins_and_a_stale_one_is_ignored",
    ]),
    25: ("equal stamps with different content", [
        STAMPS + "test_another_content_on_the_same_stamp_lands_and_the_last_reading_wins",
        HUBSPOT + "test_more_records_on_one_stamp_than_search_returns",
        "two_stage_changes_in_the_same_second_follow_the_rank_of_the_stages__L7",
        "two_changes_in_the_same_second_are_ordered_by_the_rank_of_their_status__L7",
    ]),
    26: ("a record that is gone without a word", [
        EXTRACT + "test_a_purged_lead_is_found_by_the_sweep_of_ids",
        EXTRACT + "test_a_purged_contact_is_found_by_the_sweep_and_an_archived_one_is_not_purged",
        CASES + "test_what_sales_decided",
        "a_deleted_mql_is_removed_whatever_was_decided__I7",
    ]),
    27: ("merged records", [
        HUBSPOT + "test_hubspot_change_archive_restore_and_merge",
        CASES + "test_people_are_resolved_and_shared_mailboxes_are_not",
        "the_oldest_of_a_circle_of_merges_survives_and_chains_end_in_one_survivor__I6",
    ]),
    28: ("a person who is converted twice", [
        ODD + "test_who_was_converted_twice_is_one_person_one_mql_and_two_deals",
        "a_converted_lead_its_contact_and_its_hubspot_record_are_one_person__I1_I2",
    ]),
    29: ("a deleted record that comes back", [
        STAMPS + "test_a_lead_that_was_restored_is_no_longer_deleted",
        HUBSPOT + "test_a_restored_contact_is_found_although_no_stamp_moves",
    ]),
    30: ("a stage that goes backward, a close before the creation", [
        ODD + "test_a_deal_that_closed_before_it_was_made_took_no_negative_time",
        CASES + "test_what_became_of_a_deal",
        "a_backward_move_is_an_entry_of_its_own_and_flagged__L4",
    ]),
    31: ("an amount that is missing, negative or in another currency", [
        ODD + "test_a_negative_amount_is_flagged_and_counts_as_it_is",
        CASES + "test_amounts_are_converted_at_the_dated_rate_and_a_missing_rate_is_null",
        "a_missing_amount_stays_empty_and_is_flagged_not_zero__O4",
        "a_zero_or_negative_amount_counts_as_it_is_and_is_flagged__O5",
        "a_foreign_amount_is_divided_by_the_rate_of_its_day_and_stays_empty_without_one__O6",
    ]),
    32: ("a late event that changes a past quarter", [
        "tests/review/test_restatements_of_a_run.py::"
        "test_the_late_deal_is_late_data_and_the_stage_is_the_definition",
        "tests/review/test_restatement.py::test_an_mql_that_came_late_is_late_however_late_it_was_"
        "decided",
    ]),
    33: ("nothing in a rate", [
        "tests/review/test_backtest.py::"
        "test_null_in_a_rate_people_without_any_signal_do_not_pass",
        "tests/test_odd_companies.py::test_nobody_yet_is_said_in_words",
        "every_rate_lies_between_0_and_1",
    ]),
    34: ("a change of a formula alone, which moves no stamp", [
        EXTRACT + "test_a_formula_field_is_refreshed_by_the_scheduled_full_pass",
    ]),
    35: ("test records and our own people", [
        ODD + "test_our_own_people_and_test_addresses_stay_under_their_reason_and_are_no_mql",
        "exclusion_rules_match_exactly_and_a_person_is_out_only_with_every_address__X1",
    ]),
    36: ("the border of a quarter in the reporting time zone", [
        "days_are_calendar_days_of_the_reporting_zone__T1",
        "a_deal_moves_in_the_period_whose_first_instant_it_meets_and_not_in_the_one_that_ends_"
        "then__T1",
    ]),
    37: ("the hour that daylight saving skips or doubles", [
        "a_day_that_loses_or_gains_an_hour_is_as_long_as_it_is__T2",
        "business_opens_at_the_same_local_hour_on_both_sides_of_a_clock_change__T2",
    ]),
    38: ("a source whose clock is not ours", [
        STAMPS + "test_the_crms_clock_counts_whatever_ours_says",
        LANDING + "test_the_window_never_runs_backwards",
    ]),
    39: ("a run across midnight", [
        ODD + "test_a_run_across_midnight_is_of_the_day_on_which_it_began",
        EXTRACT + "test_every_stream_has_a_result_and_all_ends_are_equal",
        "tests/test_layout.py::test_no_model_asks_the_clock_or_a_variable",
    ]),
    40: ("seconds for milliseconds, the years 1970 and 2099", [
        ODD + "test_seconds_are_no_milliseconds_and_1970_and_2099_make_no_mql",
        ODD + "test_an_impossible_close_date_is_flagged_and_its_deal_stays",
        "tests/connectors/test_questions.py::test_epoch_milliseconds_and_iso_are_the_same_moment",
    ]),
}  # fmt: skip


@pytest.fixture(scope="module")
def dbt_tests(manifest: dict) -> set[str]:
    """Names of unit tests and of data tests that are files of their own."""
    data = (node for node in manifest["nodes"].values() if node["resource_type"] == "test")
    return {test["name"] for test in (*manifest["unit_tests"].values(), *data)}


def is_there(name: str, dbt_tests: set[str]) -> bool:
    file, is_of_pytest, function = name.partition("::")
    if not is_of_pytest:
        return name in dbt_tests
    path = ROOT / file
    known = ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else ()
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in known)


def test_every_fault_in_data_and_time_is_shown_by_tests_that_exist(dbt_tests):
    assert list(FAULTS) == list(range(23, 41))
    assert all(names for _, names in FAULTS.values())
    absent = {
        f"{number} {fault}": gone
        for number, (fault, names) in FAULTS.items()
        if (gone := [name for name in names if not is_there(name, dbt_tests)])
    }
    assert absent == {}
    assert not is_there(STAMPS + "test_nobody_wrote", dbt_tests)
    assert not is_there("nobody_wrote_this__I1", dbt_tests)
