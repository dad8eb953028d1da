-- Since when the status of a person is known: one row a person whose history starts late. Before
-- that moment a decision may have been made of which nothing is left. Salesforce keeps the history
-- of a field from the day it is switched on, for all leads at once; a status that no history row
-- tells is known from the moment it was seen, and one of HubSpot's never, as it has no date.
with

late_statuses as (

    select * from {{ ref('int_status_event') }}
    where is_left_censored

),

tracking as (

    select min(created_at) as tracked_since from {{ ref('stg_salesforce__lead_history') }}

),

known as (

    select
        late_statuses.person_id,
        max(
            coalesce(
                case
                    when late_statuses.is_created_in_stage then tracking.tracked_since
                    when late_statuses.object = 'Lead' then late_statuses.event_at
                end,
                cast('9999-12-31' as timestamp)
            )
        ) as known_from
    from late_statuses
    cross join tracking
    group by 1

)

select * from known
