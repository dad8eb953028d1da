"""Write the truth down: rows of what everybody and every deal was, as of a moment.

What they were is worked out in `truth_people` and `truth_deals`; the shape is `truth`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from connectors.sandbox.company import setting
from connectors.sandbox.company.context import Context, Person
from connectors.sandbox.company.truth_deals import LATE_CONTACT, Course
from connectors.sandbox.company.truth_people import (
    CLOSING,
    DAYS_TO_DECIDE,
    HOURS_TO_RESPOND,
    Attempt,
    Life,
)
from connectors.sandbox.company.vocabulary import REJECTION_REASONS

Row = dict[str, Any]


def tell(ctx: Context, as_of: datetime) -> None:
    """Tell all that was true at this moment."""
    staff = ctx.staff
    teams = (staff.representatives, staff.executives, staff.managers, staff.marketers)
    users = {name for team in teams for m in team for name in (m.user_id, m.owner_id) if name}
    lives: dict[int, Life] = {}
    for person in ctx.people:
        records = [one for one in person.diary.records if _is_kept(ctx, *one)]
        # The company knows of others; who has no record is nobody to the systems.
        if records:
            life = lives[person.number] = Life(person, ctx.diary.deals, frozenset(users), as_of)
            _tell_person(ctx, life, records)
    for deal in ctx.diary.deals.values():
        course = Course(deal, as_of, ctx.diary.rates)
        ctx.truth.opportunities.append(_deal(course, lives))


def _is_kept(ctx: Context, system: str, obj: str, record_id: str) -> bool:
    """HubSpot forgets what was merged away or erased; Salesforce never does."""
    return system == "salesforce" or record_id in ctx.hubspot[obj]


def _tell_person(ctx: Context, life: Life, records: list[tuple[str, str, str]]) -> None:
    person, truth = life.person, ctx.truth
    name, _ = life.source()
    truth.people.append(
        {
            "person": person.number,
            "records": records,
            "source": name,
            "is_unrecorded": _is_unrecorded(person),
            "is_removed": person.diary.removed_at is not None,
        }
    )
    for attempt in life.attempts:
        key = {"person": person.number, "attempt": attempt.number}
        truth.episodes.append({**key, **_episode(life, attempt)})
        if attempt.mql_at:
            truth.acceptances.append({**key, **_acceptance(life, attempt)})
            truth.follow_ups.append({**key, **_follow_up(life, attempt)})
            if attempt.closed_by in ("rejected", "recycled", "disqualified"):
                truth.rejections.append({**key, **_rejection(attempt)})


def _is_unrecorded(person: Person) -> bool:
    """Whether something was done about the person that no system can tell any more.

    A status or owner was set before field history was kept (how a record began is known), or a
    call or meeting lost its tie to an archived contact.
    """
    diary = person.diary
    began = {status.at for status in diary.statuses[:1]} | {at for at, _ in diary.owners[:1]}
    moments = [status.at for status in diary.statuses] + [at for at, _ in diary.owners]
    is_early = any(at < setting.TRACKING_SINCE and at not in began for at in moments)
    return is_early or (diary.removed_at is not None and diary.has_ties)


def _episode(life: Life, attempt: Attempt) -> Row:
    source, team = life.source()
    return {
        "opened_at": plain(attempt.opened_at),
        "closed_at": plain(attempt.closed_at),
        "closed_by": attempt.closed_by,
        "is_mql": attempt.mql_at is not None,
        "mql_at": plain(attempt.mql_at),
        "mql_trigger": attempt.trigger,
        "source": source,
        "team": team,
    }


def _acceptance(life: Life, attempt: Attempt) -> Row:
    assert attempt.mql_at
    deadline = setting.workdays_later(attempt.mql_at, DAYS_TO_DECIDE)
    if life.person.diary.removed_at and life.person.diary.removed_at <= life.as_of:
        outcome = "removed"
    elif attempt.decision:
        outcome = attempt.decision
    elif not life.has_status:
        outcome = "no_status"
    else:
        outcome = "overdue" if life.as_of > deadline else "pending"
    decided = attempt.decided_at if outcome != "removed" else None
    accepted = outcome == "accepted"
    return {
        "mql_at": plain(attempt.mql_at),
        "outcome": outcome,
        "assigned_at": plain(_assigned_at(life, attempt)),
        "accepted_at": plain(decided) if accepted else None,
        "decided_at": plain(decided),
        "owner_id": attempt.owner if attempt.owner else life.owner_at(life.as_of),
    }


def _assigned_at(life: Life, attempt: Attempt) -> datetime | None:
    """When a colleague first had the person: at the MQL itself, when one had already."""
    assert attempt.mql_at
    if life.owner_at(attempt.mql_at) in life.users:
        return attempt.mql_at
    end = min(attempt.closed_at or life.as_of, life.as_of)
    for at, owner in life.person.diary.owners:
        if attempt.mql_at < at <= end and owner in life.users:
            return at
    return None


def _rejection(attempt: Attempt) -> Row:
    if attempt.reason is None:
        reason, raw = "No reason given", None
    elif attempt.reason in REJECTION_REASONS:
        reason = raw = attempt.reason
    else:
        reason, raw = "unmapped", "(free text)"
    return {
        "decided_at": plain(attempt.closed_at),
        "kind": attempt.closed_by,
        "reason": reason,
        "raw_reason": raw,
        "revisit_on": attempt.revisit_on if attempt.closed_by == "recycled" else None,
        "is_after_acceptance": attempt.decision == "accepted",
    }


def _follow_up(life: Life, attempt: Attempt) -> Row:
    assert attempt.mql_at
    assert attempt.trigger
    start = attempt.mql_at
    due = setting.after_work_minutes(start, HOURS_TO_RESPOND[attempt.trigger] * 60)
    later = [a.mql_at for a in life.attempts if a.mql_at and a.mql_at > start]
    until = min(later, default=None)
    answers = [at for at in life.person.diary.talks.values() if at <= life.as_of]
    answers += [
        status.at
        for status in life.statuses()
        if status.kind in ("accepted", *CLOSING) and status.by in life.users
    ]
    answers = [at for at in answers if start <= at and (until is None or at < until)]
    answered = min(answers, default=None)
    assigned, worked = _assigned_at(life, attempt), None
    if answered:
        owners = life.person.diary.owners
        ends = [at for at, _ in owners[1:]] + [None]
        had = [
            at
            for (at, who), end in zip(owners, ends, strict=True)
            if at <= answered and who in life.users and (end is None or end > start)
        ]
        worked = max(had[-1], start) if had else None
    in_time = (answered or life.as_of) <= due
    return {
        "due_at": plain(due),
        "responded_at": plain(answered),
        "routing_minutes": _minutes(start, assigned),
        "working_minutes": _minutes(worked, answered),
        "business_minutes": _minutes(start, answered),
        "status": "breached" if not in_time else "met" if answered else "pending",
    }


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    if start is None or end is None:
        return None
    return (setting.work_seconds(end) - setting.work_seconds(start)) // 60


def _deal(course: Course, lives: dict[int, Life]) -> Row:
    deal, accepted = course.deal, course.accepted_at
    stamp = course.amount_from(accepted) if accepted else None
    amount_now = [amount for at, amount in deal.amounts if at <= course.as_of][-1]
    pushes, slips = course.moves()
    loss_reason, competitor = course.end()
    row: Row = {
        "opportunity_id": deal.deal_id,
        "is_unrecorded": course.is_unrecorded,
        "created_at": plain(deal.created_at),
        "is_pipeline": course.is_pipeline,
        "pipeline_at": plain(accepted) if course.is_pipeline else None,
        "amount_at_pipeline": stamp[0] if stamp else None,
        "amount_stamped_at": plain(stamp[1]) if stamp else None,
        "amount_now": None if amount_now is None else float(amount_now),
        "currency": deal.currency_at(stamp[1] if stamp else course.as_of),
        "currency_now": deal.currency_at(course.as_of),
        "amount_reporting": course.worth(accepted) if accepted else None,
        "amount_at_end": course.worth_at_end(),
        "is_amount_missing": accepted is not None and stamp is None,
        "is_amount_odd": any(
            amount is not None and amount <= 0 for amount in (stamp and stamp[0], amount_now)
        ),
        "owner_id": course.owner_at(accepted or deal.created_at),
        "is_created_in_stage": accepted == deal.created_at and course.is_first_accepted,
        "is_skipped": any(at == accepted and kind == "won" for at, kind in course.steps)
        and not any(at == accepted and kind == "accepted" for at, kind in course.steps),
        "pushes": pushes,
        "slips": slips,
        "outcome": course.outcome,
        "closed_at": plain(course.closed_at),
        "is_reopened": course.is_reopened,
        "loss_reason": loss_reason,
        "competitor": competitor,
    }
    led = course.led(lives)
    near = led is not None and led[2] <= deal.created_at + LATE_CONTACT
    row["person"] = led[0].person.number if led and near else None
    row["attempt"] = led[1].number if led and near else None
    row["is_person_unrecorded"] = any(_is_unrecorded(person) for person in course.linked())
    names = ("source", "team", "rule")
    told = course.source(lives) if course.is_pipeline else (None, None, None)
    return {**row, **dict(zip(names, told, strict=True))}


def plain(moment: datetime | None) -> datetime | None:
    """The moment as models write it: UTC without saying so."""
    return moment.replace(tzinfo=None) if moment else None
