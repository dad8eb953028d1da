"""How the simulated company itself scores interest and hands people over, as it happens.

A rule of its own, roughly the agreed one: it makes the story go on. What everybody really was
under the shared definitions is told afterwards, from the diaries (`truth_people`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from connectors.sandbox.company import setting
from connectors.sandbox.company.context import Context, Episode, Person
from connectors.sandbox.company.diary import Signal
from connectors.sandbox.company.sales import hand_over


def signal(
    ctx: Context, person: Person, kind: str, points: int, *, hand_raise: bool = False
) -> None:
    """Somebody showed interest: it opens an episode or adds to the open one."""
    person.diary.signals.append(Signal(ctx.now, kind, points, hand_raise))
    episode = person.episode
    if episode and _has_lapsed(ctx, episode):
        _close(ctx, episode, "lapsed")
        episode = None
    if episode is None:
        episode = Episode(attempt=len(person.episodes) + 1, opened_at=ctx.now)
        if person.episodes:
            ctx.case("L1", person.contact_id)
        person.episodes.append(episode)
    episode.signals.append((ctx.now, kind, points))
    if hand_raise:
        episode.hand_raised_at = ctx.now
    evaluate(ctx, person)


def evaluate(ctx: Context, person: Person) -> None:
    """Judge the open episode as of now."""
    episode = person.episode
    if episode is None or episode.mql_at or person.is_gone:
        return
    window = ctx.now - timedelta(days=setting.SCORE_DAYS)
    raised = episode.hand_raised_at is not None and episode.hand_raised_at > window
    if not raised and _score(ctx, episode) < setting.SCORE_BAR:
        return
    company = person.company
    is_customer = bool(company and company.customer_since)
    if (
        person.fit != "not_fit"
        and not is_customer
        and not person.open_deals
        and not person.is_excluded
    ):
        episode.mql_at = ctx.now
        episode.trigger = "hand_raise" if raised else "score"
        ctx.case("L9" if episode.trigger == "score" else "hand-raise", person.contact_id)
        if person.fit == "insufficient_data":
            ctx.case("L10", person.contact_id)
        if person.source.name in ("Unknown", "Not recorded"):
            ctx.case("S3", person.contact_id)
    if not episode.handed_over and not is_customer and not person.is_excluded:
        episode.handed_over = True
        hand_over(ctx, person, episode)


def evaluate_company(ctx: Context, people: list[Person]) -> None:
    """Judge again when something about the company changed."""
    for person in people:
        evaluate(ctx, person)


def _score(ctx: Context, episode: Episode) -> int:
    window = ctx.now - timedelta(days=setting.SCORE_DAYS)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for moment, kind, points in episode.signals:
        if moment > window:
            by_kind[kind].append(points)
    return sum(sum(points[: setting.SAME_KIND_MAX]) for points in by_kind.values())


def _has_lapsed(ctx: Context, episode: Episode) -> bool:
    last = max(moment for moment, _, _ in episode.signals)
    undecided = episode.decision is None and episode.accepted_at is None
    return undecided and ctx.now - last >= timedelta(days=setting.LAPSE_DAYS)


def _close(ctx: Context, episode: Episode, closed_by: str) -> None:
    episode.closed_at, episode.closed_by = ctx.now, closed_by
