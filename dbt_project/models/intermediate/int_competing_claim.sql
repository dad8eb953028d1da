-- Who each system would call a qualified lead by itself, and since when: one row per definition and
-- raw record. Deleted and merged records are not here, since no report of a CRM counts them.
-- The day is the first one that history tells; where none was kept it is the day of the last change
-- and `is_date_known` is false.
with

calendar as (

    select * from {{ ref('calendar') }}

),

listed as (

    select
        definition,
        system,
        object,
        field,
        lower(trim(value)) as value
    from {{ ref('competing_mql') }}

),

records as (

    select * from {{ ref('person_record') }}
    where deleted_at is null and is_survivor

),

contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

contact_history as (

    select * from {{ ref('stg_hubspot__contact_history') }}

),

leads as (

    select * from {{ ref('stg_salesforce__lead') }}

),

lead_history as (

    select * from {{ ref('stg_salesforce__lead_history') }}

),

first_status_change as (

    select
        lead_id,
        old_value,
        row_number() over (partition by lead_id order by created_at, history_id) as change_rank
    from lead_history
    where field = 'Status'

),

-- Every value that a record is known to have had, and from when.
given as (

    select
        'hubspot' as system,
        'contacts' as object,
        contact_id as record_id,
        'lifecyclestage' as field,
        value,
        changed_at as given_at,
        true as is_date_known
    from contact_history
    where property = 'lifecyclestage'

    union all

    select
        'hubspot' as system,
        'contacts' as object,
        contact_id as record_id,
        'lifecyclestage' as field,
        lifecycle_stage as value,
        coalesce(modified_at, source_modified_at) as given_at,
        false as is_date_known
    from contacts

    union all

    select
        'salesforce' as system,
        'Lead' as object,
        lead_id as record_id,
        'Status' as field,
        new_value as value,
        created_at as given_at,
        true as is_date_known
    from lead_history
    where field = 'Status'

    union all

    -- The status it was created in.
    select
        'salesforce' as system,
        'Lead' as object,
        leads.lead_id as record_id,
        'Status' as field,
        first_status_change.old_value as value,
        leads.created_at as given_at,
        true as is_date_known
    from leads
    inner join first_status_change
        on leads.lead_id = first_status_change.lead_id
            and first_status_change.change_rank = 1

    union all

    select
        'salesforce' as system,
        'Lead' as object,
        leads.lead_id as record_id,
        'Status' as field,
        leads.status as value,
        coalesce(leads.modified_at, leads.source_modified_at) as given_at,
        false as is_date_known
    from leads

),

by_value as (

    select
        listed.definition,
        given.system,
        given.object,
        given.record_id,
        given.given_at,
        given.is_date_known
    from given
    inner join listed
        on given.system = listed.system
            and given.object = listed.object
            and given.field = listed.field
            and lower({{ trimmed('given.value') }}) = listed.value

),

dated as (

    select
        'salesforce' as system,
        'Lead' as object,
        lead_id as record_id,
        mql_on as given_on
    from leads

    union all

    select
        'hubspot' as system,
        'contacts' as object,
        contact_id as record_id,
        mql_on as given_on
    from contacts

),

-- A date has no time of day and no zone: it is taken as it stands.
by_date as (

    select
        listed.definition,
        listed.system,
        listed.object,
        dated.record_id,
        cast(dated.given_on as timestamp) as given_at,
        true as is_date_known
    from listed
    inner join dated
        on listed.system = dated.system
            and listed.object = dated.object
    where listed.definition = 'custom_date' and dated.given_on is not null

),

claims as (

    select * from by_value
    union all
    select * from by_date

),

firsts as (

    select
        definition,
        system,
        object,
        record_id,
        min(case when is_date_known then given_at end) as known_at,
        min(case when not is_date_known then given_at end) as seen_at
    from claims
    group by 1, 2, 3, 4

),

-- Both lists put under each other, as it is done in a spreadsheet.
with_union as (

    select * from firsts

    union all

    select
        'naive_union' as definition,
        system,
        object,
        record_id,
        min(known_at) as known_at,
        min(seen_at) as seen_at
    from firsts
    where definition <> 'custom_date'
    group by 1, 2, 3, 4

),

first_claims as (

    select
        with_union.definition,
        with_union.system,
        with_union.object,
        with_union.record_id,
        records.person_id,
        coalesce(with_union.known_at, with_union.seen_at) as claimed_at,
        with_union.known_at is not null as is_date_known
    from with_union
    inner join records
        on with_union.system = records.system
            and with_union.object = records.object
            and with_union.record_id = records.record_id

)

select
    first_claims.definition,
    first_claims.system,
    first_claims.object,
    first_claims.record_id,
    first_claims.person_id,
    first_claims.claimed_at,
    case
        when first_claims.definition = 'custom_date' then cast(first_claims.claimed_at as date)
        else {{ reporting_date('first_claims.claimed_at', 'calendar.reporting_time_zone') }}
    end as claimed_on,
    first_claims.is_date_known
from first_claims
cross join calendar
