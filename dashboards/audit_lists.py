"""The audit's lists that hold for every period: what is used, what is missing, what disagrees.

Not here: the counts of a period and their reasons (`audit.py`).
"""

from __future__ import annotations

from dashboards.audit_section import COUNT, DAY, PERCENT, Ask, Column, Section, sentence, words


def disagreements(ask: Ask) -> Section:
    """What the two systems say of the same people."""
    totals = ask(
        "select topic, verdict, sum(people) as people, sum(share) as share "
        "from marts.audit_agreement where verdict <> 'side by side' "
        "group by 1, 2 order by 1, 3 desc, 2"
    )
    examples = ask(
        "select topic, hubspot_says || ' / ' || salesforce_says as pair, verdict, people "
        "from marts.audit_agreement where verdict in ('differ', 'not mapped') "
        "order by people desc, 1, 2"
    )
    rows = []
    for row in totals:
        pairs = [
            f"{one['pair']} ({one['people']:,})"
            for one in examples
            if (one["topic"], one["verdict"]) == (row["topic"], row["verdict"])
        ]
        rows.append(
            {
                **row,
                "topic": sentence(row["topic"]),
                "verdict": sentence(row["verdict"]),
                "pairs": "; ".join(pairs[:3]),
            }
        )
    return Section(
        "disagreements",
        "Where do the systems disagree about the same person?",
        "People who are in both; the commonest pairs as HubSpot / Salesforce",
        (
            Column("Verdict", "verdict"),
            Column("People", "people", COUNT),
            Column("Share", "share", PERCENT),
            Column("Commonest", "pairs"),
        ),
        rows,
        "Nobody is in both systems.",
        group="topic",
        short="Disagreements",
    )


def values(ask: Ask) -> Section:
    """Which statuses, stages, sources and reasons are used."""
    rows = ask(
        "select *, case system when 'hubspot' then 'HubSpot' else 'Salesforce' end "
        "|| ' ' || object || ' · ' || field as place from marts.audit_value "
        "where records > 0 or recent_changes > 0 "
        "or mapping in ('lead_status', 'opportunity_stage') "
        "order by case mapping when 'lead_status' then 1 when 'lifecycle_stage' then 2 "
        "when 'opportunity_stage' then 3 when 'rejection_reason' then 4 when 'loss_reason' then 5 "
        "when 'competitor' then 6 when 'source' then 7 else 8 end, "
        "system desc, object desc, field, records desc, value"
    )
    shown = [{**row, "means": words(row["means"]) if row["means"] else ""} for row in rows]
    return Section(
        "values",
        "Which statuses, stages, sources and reasons are used, and how often?",
        "As the CRMs spell them, with what each is mapped to; 0: offered, and nobody uses it",
        (
            Column("Value", "value"),
            Column("Means", "means"),
            Column("Records", "records", COUNT),
            Column("Share", "share", PERCENT),
            Column("Set in 90 days", "recent_changes", COUNT),
        ),
        shown,
        "No record has a status, stage, source or reason.",
        group="place",
        short="Values in use",
    )


def missing(ask: Ask) -> Section:
    """What records lack that a definition needs."""
    rows = [
        {**row, "lacks": sentence(row["lacks"]), "share": row["missing"] / row["records"]}
        for row in ask("select * from marts.audit_missing where records > 0 order by place")
    ]
    return Section(
        "missing",
        "What is missing?",
        "What a shared definition needs and records lack",
        (
            Column("Lacks", "lacks"),
            Column("Records", "records", COUNT),
            Column("Missing", "missing", COUNT),
            Column("Share", "share", PERCENT),
            Column("Of the last 90 days", "recent_missing", COUNT),
        ),
        rows,
        "There are no records yet.",
        group="subject",
        short="Missing",
    )


def unmapped(ask: Ask) -> Section:
    """Values that no mapping knows."""
    rows = [
        {**row, "mapping": sentence(words(row["mapping"]))}
        for row in ask("select * from marts.unmapped_value order by records desc, mapping, value")
    ]
    return Section(
        "unmapped",
        "Which values does no mapping know?",
        "Counted under their own name. `onefunnel doctor --draft-mappings` proposes the rows",
        (
            Column("Value", "value"),
            Column("Mapping", "mapping"),
            Column("Records", "records", COUNT),
            Column("Last seen", "last_seen_at", DAY),
        ),
        rows,
        "Every value is mapped.",
        short="Not mapped",
    )


def excluded(ask: Ask) -> Section:
    """What was left out by agreed rules."""
    rows = ask("select * from marts.exclusion_ledger order by subject desc, records desc, reason")
    return Section(
        "excluded",
        "What is left out, and why?",
        "By the rules in seeds/exclusions and the definitions; nothing vanishes",
        (
            Column("Reason", "reason"),
            Column("What", "subject"),
            Column("Records", "records", COUNT),
        ),
        [{**row, "reason": sentence(words(row["reason"]))} for row in rows],
        "Nothing is left out.",
        short="Left out",
    )


def drift(ask: Ask) -> Section:
    """Sources that were overwritten after they had been stamped."""
    rows = ask(
        "select subject, system, source, coalesce(raw_source_now, '(empty)') as now, "
        "count(*) as records, max(stamped_at) as stamped_at from marts.source_drift "
        "group by 1, 2, 3, 4 order by 5 desc, 1, 2, 3, 4"
    )
    return Section(
        "drift",
        "Which sources were overwritten later?",
        "The first source stays; the CRM says another one today. `marts.source_drift` lists each",
        (
            Column("Counts as", "source"),
            Column("The CRM says today", "now"),
            Column("What", "subject"),
            Column("Records", "records", COUNT),
        ),
        rows,
        "No source was overwritten.",
        short="Overwritten sources",
    )


def history(ask: Ask) -> Section:
    """How much of the history is there."""
    rows = ask(
        "select *, case system when 'hubspot' then 'HubSpot' else 'Salesforce' end "
        "|| ' ' || object || ' · ' || field as place from marts.history_coverage "
        "order by system desc, object"
    )
    return Section(
        "history",
        "How far back does the history reach?",
        "Records whose history starts after they were made: their first entry cannot be known. "
        "`marts.late_history` lists each",
        (
            Column("History of", "place"),
            Column("Records", "records", COUNT),
            Column("Start late", "late", COUNT),
            Column("Share", "share_late", PERCENT),
            Column("Known since", "known_from", DAY),
        ),
        rows,
        "No history was read.",
        short="History",
    )
