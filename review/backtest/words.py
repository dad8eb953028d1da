"""A backtest in words and figures, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboards import formats
from dashboards.intervals import TOO_FEW


def rate(found: Mapping[str, Any]) -> str:
    """`62% of 140 (54–70%)`; few records are counts, none is a dash."""
    if not found["of"]:
        return formats.NOTHING
    if found["of"] < TOO_FEW:
        return f"{formats.count(found['hits'])} of {formats.count(found['of'])}"
    shown = f"{formats.percent(found['value'])} of {formats.count(found['of'])}"
    if found["low"] is None:
        return shown
    low, high = (formats.half_up(found[end] * 100) for end in ("low", "high"))
    return f"{shown} ({low}–{high}%)"


def money(found: Mapping[str, Any], currency: str) -> str:
    """`$4.2M of $5.1M`."""
    if not found["of"]:
        return formats.NOTHING
    kept, of = (formats.money(found[name], currency) for name in ("hits", "of"))
    return f"{kept} of {of} ({formats.percent(found['value'])})"


def lift(value: float | None) -> str:
    """`1.4×`."""
    return formats.NOTHING if value is None else f"{formats.half_up(value, 2)}×"


def sentence(report: Mapping[str, Any]) -> str:
    """The answer in one sentence."""
    now = report["rules"][0]
    proposal = next((rule for rule in report["rules"] if rule["name"] == "proposal"), None)
    if not report["cohort"]["later"]:
        return "There is not enough history with complete outcomes to judge the rule."
    said = f"Sales accepted {rate(now['later']['precision'])} of those whom the rule passes"
    if proposal is None:
        return f"{said}; older quarters speak for no other threshold than {now['minimum_score']}."
    better = rate(proposal["later"]["precision"])
    return (
        f"{said}; a threshold of {proposal['minimum_score']}, chosen on older quarters, would have "
        f"had {better}, keeping {rate(proposal['later']['wins'])} wins "
        f"(the rule in force {rate(now['later']['wins'])})."
    )


def lines(report: Mapping[str, Any], currency: str) -> Iterator[str]:
    """The report for a terminal."""
    cohort = report["cohort"]
    yield sentence(report)
    yield ""
    yield (
        f"{cohort['mature']:,} decided conversations whose {report['horizon_days']} days are over, "
        f"as of {report['as_of']}; {cohort['undecided']:,} without a decision, "
        f"{cohort['never_judged']:,} created as decided and {cohort['excluded']:,} excluded are "
        "left out"
    )
    yield (
        f"chosen on {', '.join(cohort['older']) or '-'}; judged on "
        f"{', '.join(cohort['later']) or '-'}; base rate "
        f"{rate(report['rules'][0]['later']['base_rate'])}"
    )
    yield ""
    yield f"{'rule':<22}{'passed':>8}  {'accepted of passed':<24}{'of accepted':<24}{'lift':<7}"
    for rule in report["rules"]:
        later = rule["later"]
        name = f"{rule['name']} ({rule['minimum_score']})"
        yield (
            f"{name:<22}{later['passed']:>8,}  {rate(later['precision']):<24}"
            f"{rate(later['recall']):<24}{lift(later['lift']):<7}"
        )
        yield (
            f"{'':<22}{'':>8}  wins kept {rate(later['wins'])}, pipeline kept "
            f"{money(later['pipeline'], currency)}, evidence on {rate(rule['evidence'])}"
        )
        yield f"{'':<22}{'':>8}  within 30 days: {rate(rule['later_30']['precision'])}"
    yield ""
    yield f"{'quarter':<10}{'decided':>8}  accepted of those whom the rule in force passes"
    for row in report["quarters"]:
        shown = rate(row["precision"]) if "precision" in row else row["use"]
        yield f"{row['quarter']:<10}{row['decided']:>8,}  {shown}"
    yield ""
    yield f"{'signal in the 60 days before':<30}{'any':<22}{'accepted':<22}{'won':<22}"
    for row in report["signals"]:
        cells = "".join(f"{rate(row[f'{who}_60']):<22}" for who in ("judged", "accepted", "won"))
        yield f"{row['signal'][:28]:<30}{cells}"
    yield ""
    answered = report["answered"]
    yield (
        f"MQLs answered in time: {rate(answered)}; {answered['never_answered']:,} were never "
        "answered and count as late"
    )
    for warning in report["warnings"]:
        yield f"! {warning}"
