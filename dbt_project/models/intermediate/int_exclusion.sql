-- Whom and what a rule leaves out of the funnel, why, and when. A person is out only while each of
-- their addresses is; the strongest reason is kept. Customers are not here: they were prospects
-- once, and their own clause says since when they are not.
with

records as (

    select * from {{ ref('int_record') }}

),

person_records as (

    select * from {{ ref('person_record') }}

),

opportunities as (

    select * from {{ ref('int_opportunity') }}

),

accounts as (

    select * from {{ ref('int_account') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

own_domains as (

    select * from {{ ref('own_domain') }}

),

competitor_domains as (

    select * from {{ ref('competitor_domain') }}

),

exclusion_rules as (

    select * from {{ ref('exclusion_rule') }}

),

agreed_rules as (

    select
        subject,
        field,
        lower(trim(value)) as value,
        reason,
        valid_from,
        valid_to,
        3 as strength
    from exclusion_rules

    union all

    select
        'person' as subject,
        'email_domain' as field,
        lower(trim(domain)) as value,
        'internal' as reason,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        1 as strength
    from own_domains

    union all

    select
        'opportunity' as subject,
        'account_domain' as field,
        lower(trim(domain)) as value,
        'internal' as reason,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        1 as strength
    from own_domains

    union all

    select
        'person' as subject,
        'email_domain' as field,
        lower(trim(domain)) as value,
        'competitor' as reason,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        2 as strength
    from competitor_domains

    union all

    select
        'opportunity' as subject,
        'account_domain' as field,
        lower(trim(domain)) as value,
        'competitor' as reason,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        2 as strength
    from competitor_domains

),

-- Open ends are written as moments, so that periods can be compared.
rules as (

    select
        agreed_rules.subject,
        agreed_rules.field,
        agreed_rules.value,
        agreed_rules.reason,
        agreed_rules.strength,
        {{ validity_moments('agreed_rules') }}
    from agreed_rules
    cross join calendar

),

-- What identifies a subject: each address of a person, the account's domain of an opportunity.
addresses as (

    select
        person_records.person_id,
        records.email,
        records.email_domain
    from records
    inner join person_records
        on
            records.system = person_records.system
            and records.object = person_records.object
            and records.record_id = person_records.record_id
    where records.email is not null

),

identified as (

    select
        'person' as subject,
        person_id as subject_id,
        email as identity,
        'email' as field,
        email as value
    from addresses

    union all

    select
        'person' as subject,
        person_id as subject_id,
        email as identity,
        'email_domain' as field,
        email_domain as value
    from addresses

    union all

    select
        'opportunity' as subject,
        opportunities.opportunity_id as subject_id,
        opportunities.opportunity_id as identity,
        'opportunity_id' as field,
        lower(opportunities.opportunity_id) as value
    from opportunities

    union all

    select
        'opportunity' as subject,
        opportunities.opportunity_id as subject_id,
        opportunities.opportunity_id as identity,
        'account_domain' as field,
        accounts.domain as value
    from opportunities
    inner join accounts on opportunities.account_id = accounts.account_id

),

matches as (

    select
        identified.subject,
        identified.subject_id,
        identified.identity,
        rules.reason,
        rules.strength,
        rules.starts_at as valid_from,
        rules.ends_at as valid_to
    from identified
    inner join rules
        on
            identified.subject = rules.subject
            and identified.field = rules.field
            and identified.value = rules.value

),

matched_subjects as (

    select distinct
        subject,
        subject_id
    from matches

),

identities as (

    select
        identified.subject,
        identified.subject_id,
        count(distinct identified.identity) as identities
    from identified
    inner join matched_subjects
        on
            identified.subject = matched_subjects.subject
            and identified.subject_id = matched_subjects.subject_id
    group by 1, 2

),

moments as (

    select
        subject,
        subject_id,
        valid_from as moment
    from matches
    union
    select
        subject,
        subject_id,
        valid_to as moment
    from matches

),

-- At each moment: is every identity matched, and by which reason most strongly?
at_moment as (

    select
        moments.subject,
        moments.subject_id,
        moments.moment,
        count(distinct matches.identity) as matched_identities,
        min(matches.strength * 1000 + case matches.reason
            when 'internal' then 1
            when 'test' then 2
            when 'spam' then 3
            when 'competitor' then 4
            when 'partner' then 5
            else 6
        end) as strongest
    from moments
    left join matches
        on
            moments.subject = matches.subject
            and moments.subject_id = matches.subject_id
            and moments.moment >= matches.valid_from
            and moments.moment < matches.valid_to
    group by 1, 2, 3

),

reasons as (

    select
        at_moment.subject,
        at_moment.subject_id,
        at_moment.moment as valid_from,
        lead(at_moment.moment) over (
            partition by at_moment.subject, at_moment.subject_id order by at_moment.moment
        ) as valid_to,
        at_moment.matched_identities = identities.identities as is_excluded,
        case mod(at_moment.strongest, 1000)
            when 1 then 'internal'
            when 2 then 'test'
            when 3 then 'spam'
            when 4 then 'competitor'
            when 5 then 'partner'
            else 'student'
        end as reason
    from at_moment
    inner join identities
        on
            at_moment.subject = identities.subject
            and at_moment.subject_id = identities.subject_id

),

excluded as (

    select
        subject,
        subject_id,
        reason,
        valid_from,
        case
            when valid_to < {{ far_future() }} then valid_to
        end as valid_to
    from reasons
    where is_excluded

)

select * from excluded
