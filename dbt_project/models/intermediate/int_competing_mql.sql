-- Each competing definition against the shared one, record by record: the two that mean the same
-- turn of the same person stand in one row, and what only one side counts has the reason for it.
-- No period here: whether both days lie in it is asked by `audit_difference`.
--
-- A claim and an MQL of the same person belong together when each is the nearest in time to the
-- other.
with

calendar as (

    select * from {{ ref('calendar') }}

),

claims as (

    select * from {{ ref('int_competing_claim') }}

),

records as (

    select * from {{ ref('person_record') }}

),

episodes as (

    select * from {{ ref('mql') }}

),

listed as (

    select distinct
        definition,
        system,
        object
    from {{ ref('competing_mql') }}

    union

    select
        'naive_union' as definition,
        system,
        object
    from {{ ref('competing_mql') }}
    where value is not null

),

definitions as (

    select distinct definition from listed

),

mqls as (

    select
        episodes.*,
        {{ reporting_date('episodes.mql_at', 'calendar.reporting_time_zone') }} as mql_on
    from episodes
    cross join calendar
    where episodes.is_mql

),

distances as (

    select
        claims.definition,
        claims.system,
        claims.object,
        claims.record_id,
        mqls.episode_id,
        mqls.mql_on,
        row_number() over (
            partition by claims.definition, claims.system, claims.object, claims.record_id
            order by
                abs({{ dbt.datediff('mqls.mql_at', 'claims.claimed_at', 'second') }}),
                mqls.episode_id
        ) as nearest_mql,
        row_number() over (
            partition by claims.definition, mqls.episode_id
            order by
                abs({{ dbt.datediff('mqls.mql_at', 'claims.claimed_at', 'second') }}),
                claims.system,
                claims.object,
                claims.record_id
        ) as nearest_claim
    from claims
    inner join mqls
        on claims.person_id = mqls.person_id

),

pairs as (

    select * from distances
    where nearest_mql = 1 and nearest_claim = 1

),

claims_of_person as (

    select
        claims.*,
        pairs.episode_id,
        pairs.mql_on,
        first_value(claims.system) over (
            partition by claims.definition, claims.person_id
            order by
                case when pairs.episode_id is not null then 0 else 1 end,
                claims.claimed_at,
                claims.system,
                claims.record_id
        ) as first_system,
        row_number() over (
            partition by claims.definition, claims.person_id
            order by
                case when pairs.episode_id is not null then 0 else 1 end,
                claims.claimed_at,
                claims.system,
                claims.record_id
        ) as place
    from claims
    left join pairs
        on claims.definition = pairs.definition
            and claims.system = pairs.system
            and claims.object = pairs.object
            and claims.record_id = pairs.record_id

),

-- What the shared definition said, at the attempt nearest to the claim, of a person whom nothing
-- pairs.
judgements as (

    select
        claims_of_person.definition,
        episodes.person_id,
        episodes.episode_id,
        episodes.exclusion_reason,
        episodes.c_not_excluded,
        episodes.c_not_customer,
        episodes.c_icp_fit,
        episodes.c_no_open_opportunity,
        episodes.c_engaged,
        episodes.c_hand_raised,
        row_number() over (
            partition by claims_of_person.definition, claims_of_person.person_id
            order by
                abs({{ dbt.datediff(
                    'episodes.opened_at', 'claims_of_person.claimed_at', 'second'
                ) }}),
                episodes.episode_id
        ) as nearest
    from claims_of_person
    inner join episodes
        on claims_of_person.person_id = episodes.person_id
    where claims_of_person.place = 1
        and claims_of_person.episode_id is null

),

claimed as (

    select
        claims_of_person.definition,
        claims_of_person.system,
        claims_of_person.object,
        claims_of_person.record_id,
        claims_of_person.person_id,
        claims_of_person.episode_id,
        claims_of_person.claimed_on,
        claims_of_person.mql_on,
        claims_of_person.is_date_known,
        case
            when claims_of_person.episode_id is not null then null
            when claims_of_person.place > 1
                and claims_of_person.system <> claims_of_person.first_system
                then 'same person, counted in the other system too'
            when claims_of_person.place > 1 then 'second record of the same person'
            when judgements.episode_id is null then 'no scored signal on record'
            when not judgements.c_not_excluded then 'excluded by a rule'
            when not judgements.c_not_customer then 'company is a customer'
            when not judgements.c_icp_fit then 'company is outside the ICP'
            when not judgements.c_no_open_opportunity then 'person is in an open opportunity'
            when not (judgements.c_engaged or judgements.c_hand_raised)
                then 'too little interest'
            else 'clauses were not true together'
        end as reason,
        case
            when claims_of_person.episode_id is null and claims_of_person.place = 1
                then judgements.exclusion_reason
        end as detail
    from claims_of_person
    left join judgements
        on claims_of_person.definition = judgements.definition
            and claims_of_person.person_id = judgements.person_id
            and judgements.nearest = 1

),

-- Records that could have been counted, by definition and person.
countable as (

    select
        listed.definition,
        records.person_id,
        max(case when records.deleted_at is null and records.is_survivor then 1 else 0 end)
            as is_living
    from records
    inner join listed
        on records.system = listed.system
            and records.object = listed.object
    where records.person_id in (select mqls.person_id from mqls)
    group by 1, 2

),

claiming_people as (

    select distinct
        definition,
        person_id
    from claims

),

used as (

    select distinct definition from claims

),

unclaimed as (

    select
        definitions.definition,
        cast(null as varchar) as system,
        cast(null as varchar) as object,
        cast(null as varchar) as record_id,
        mqls.person_id,
        mqls.episode_id,
        cast(null as date) as claimed_on,
        mqls.mql_on,
        true as is_date_known,
        case
            when used.definition is null then 'nobody is marked so in that system'
            when claiming_people.person_id is not null
                then 'a further turn of a person who counts once there'
            when countable.person_id is null then 'no record in that system'
            when countable.is_living = 0 then 'its record was deleted'
            else 'never marked so in that system'
        end as reason,
        cast(null as varchar) as detail
    from mqls
    cross join definitions
    left join pairs
        on definitions.definition = pairs.definition
            and mqls.episode_id = pairs.episode_id
    left join used
        on definitions.definition = used.definition
    left join countable
        on definitions.definition = countable.definition
            and mqls.person_id = countable.person_id
    left join claiming_people
        on definitions.definition = claiming_people.definition
            and mqls.person_id = claiming_people.person_id
    where pairs.episode_id is null

),

both_sides as (

    select * from claimed
    union all
    select * from unclaimed

)

select * from both_sides
