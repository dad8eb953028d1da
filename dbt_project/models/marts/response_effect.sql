-- What marketing changed after a weekly review, and whether the number moved: the topic's share of
-- its list in the weeks before against the weeks after, running weeks left out. The week in which
-- the change went live belongs to neither.
with

agreed as (

    select
        4 as weeks_before,
        8 as most_weeks_after,
        3 as fewest_weeks_after,
        10 as fewest_records,
        -- How many standard errors apart the two shares must be: 95 of 100 times no accident.
        1.96 as clear_difference

),

responses as (

    select * from {{ ref('marketing_response') }}

),

lines as (

    select * from {{ ref('feedback_week') }}

),

weeks as (

    select * from {{ ref('int_week') }}

),

weeks_since as (

    select
        responses.week_start,
        responses.about,
        responses.topic,
        responses.response,
        responses.owner,
        responses.should,
        least(
            sum(
                case
                    when weeks.is_complete and weeks.week_start > responses.week_start then 1
                    else 0
                end
            ),
            max(agreed.most_weeks_after)
        ) as weeks_after
    from responses
    cross join agreed
    cross join weeks
    group by 1, 2, 3, 4, 5, 6

),

measured as (

    select
        weeks_since.week_start,
        weeks_since.about,
        weeks_since.topic,
        weeks_since.response,
        weeks_since.owner,
        weeks_since.should,
        weeks_since.weeks_after,
        coalesce(sum(
            case when lines.week_start < weeks_since.week_start then lines.records end
        ), 0) as before_records,
        coalesce(sum(
            case when lines.week_start < weeks_since.week_start then lines.of_all end
        ), 0) as before_of,
        coalesce(sum(
            case when lines.week_start > weeks_since.week_start then lines.records end
        ), 0) as after_records,
        coalesce(sum(
            case when lines.week_start > weeks_since.week_start then lines.of_all end
        ), 0) as after_of
    from weeks_since
    cross join agreed
    left join lines
        on weeks_since.about = lines.list
            and weeks_since.topic = lines.topic
            and lines.is_complete
            and lines.week_start
            >= {{ dbt.dateadd('day', '-7 * agreed.weeks_before', 'weeks_since.week_start') }}
            and lines.week_start
            <= {{ dbt.dateadd('day', '7 * agreed.most_weeks_after', 'weeks_since.week_start') }}
    group by 1, 2, 3, 4, 5, 6, 7

),

shares as (

    select
        measured.*,
        cast(before_records as {{ double_type() }}) / nullif(before_of, 0) as before_share,
        cast(after_records as {{ double_type() }}) / nullif(after_of, 0) as after_share,
        cast(before_records + after_records as {{ double_type() }})
        / nullif(before_of + after_of, 0) as overall_share
    from measured

),

compared as (

    select
        shares.*,
        (after_share - before_share) / nullif(
            sqrt(
                overall_share * (1 - overall_share)
                * (1.0 / nullif(before_of, 0) + 1.0 / nullif(after_of, 0))
            ), 0
        ) as standard_errors
    from shares

),

judged as (

    select
        compared.*,
        case
            when compared.weeks_after < agreed.fewest_weeks_after then 'too_early'
            when least(compared.before_of, compared.after_of) < agreed.fewest_records
                then 'too_few'
            when abs(coalesce(compared.standard_errors, 0)) < agreed.clear_difference
                then 'no_clear_change'
            when (compared.standard_errors < 0) = (compared.should = 'fall') then 'moved'
            else 'wrong_way'
        end as verdict
    from compared
    cross join agreed

)

select
    week_start,
    about,
    topic,
    response,
    owner,
    should,
    cast(weeks_after as bigint) as weeks_after,
    cast(before_records as bigint) as before_records,
    cast(before_of as bigint) as before_of,
    cast(after_records as bigint) as after_records,
    cast(after_of as bigint) as after_of,
    before_share,
    after_share,
    verdict
from judged
