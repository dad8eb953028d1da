-- What people did that marketing can see, one row a touch, those made by machines included.
-- Not here: e-mails that were only sent or opened, and campaign members who did not respond.
with

run as (

    select * from {{ ref('run') }}

),

calendar as (

    select * from {{ ref('calendar') }}

),

emails as (

    select * from {{ ref('int_person_email') }}

),

records as (

    select * from {{ ref('person_record') }}

),

forms as (

    select * from {{ ref('int_form_name') }}

),

form_submissions as (

    select * from {{ ref('stg_hubspot__form_submission') }}

),

email_clicks as (

    select * from {{ ref('stg_hubspot__email_click') }}

),

contact_history as (

    select * from {{ ref('stg_hubspot__contact_history') }}

),

members as (

    select * from {{ ref('stg_salesforce__campaign_member') }}

),

deleted_records as (

    select * from {{ ref('int_deleted_record') }}

),

meetings as (

    select * from {{ ref('stg_hubspot__meeting') }}

),

meeting_contacts as (

    select * from {{ ref('int_hubspot_activity_contact') }}
    where object = 'meetings'

),

submitted_forms as (

    select
        'hubspot:form_submission:' || form_submissions.submission_id as touch_id,
        emails.person_id,
        form_submissions.submitted_at as touched_at,
        'form_submission' as kind,
        'hubspot' as system,
        forms.form_name as value,
        cast(null as varchar) as campaign_id,
        true as is_human
    from form_submissions
    left join forms
        on form_submissions.form_id = forms.form_id
            and form_submissions.submitted_at >= forms.starts_at
            and form_submissions.submitted_at < forms.ends_at
    left join emails on lower({{ trimmed('form_submissions.email') }}) = emails.email

),

clicks as (

    select
        'hubspot:email_event:' || email_clicks.event_id
        || ':' || cast(email_clicks.occurred_at as varchar) as touch_id,
        emails.person_id,
        email_clicks.occurred_at as touched_at,
        'email_click' as kind,
        'hubspot' as system,
        cast(null as varchar) as value,
        cast(null as varchar) as campaign_id,
        not coalesce(email_clicks.is_filtered, false) as is_human
    from email_clicks
    left join emails on lower({{ trimmed('email_clicks.recipient') }}) = emails.email

),

-- Millions of views are of few pages: the path of each address is read once.
addresses as (

    select distinct value as address
    from contact_history
    where property = 'hs_analytics_last_url'
        and value is not null

),

pages as (

    select
        address,
        {{ url_path('address') }} as path
    from addresses

),

-- Every value of the last address seen is one page view. A survivor carries the history of the
-- contacts merged into it, so a view is known by person, moment and path.
page_views as (

    select
        'hubspot:page_view:' || min(contact_history.contact_id)
        || ':' || cast(contact_history.changed_at as varchar)
        || ':' || pages.path as touch_id,
        records.person_id,
        contact_history.changed_at as touched_at,
        'page_view' as kind,
        'hubspot' as system,
        pages.path as value,
        cast(null as varchar) as campaign_id,
        true as is_human
    from contact_history
    inner join pages on contact_history.value = pages.address
    inner join records
        on contact_history.contact_id = records.record_id
            and records.object = 'contacts'
    where contact_history.property = 'hs_analytics_last_url'
    group by records.person_id, contact_history.changed_at, pages.path

),

-- A response counts from the start of its date, but not before the member was there.
responses as (

    select
        'salesforce:CampaignMember:' || members.campaign_member_id as touch_id,
        records.person_id,
        greatest(
            members.created_at,
            coalesce(
                {{ start_of_day('members.first_responded_date', 'calendar.reporting_time_zone') }},
                members.created_at
            )
        ) as touched_at,
        'campaign_response' as kind,
        'salesforce' as system,
        cast(null as varchar) as value,
        members.campaign_id,
        true as is_human
    from members
    cross join calendar
    left join records
        on coalesce(members.lead_id, members.contact_id) = records.record_id
            and records.object in ('Lead', 'Contact')
    where members.has_responded
        and {{ happened('members', ['coalesce(members.lead_id, members.contact_id)']) }}

),

-- The moment of booking; that the meeting was held is a touch of its own, see int_sales_touch. As
-- there, what was archived by itself did not happen.
booked_meetings as (

    select
        'hubspot:meeting_booked:' || meetings.meeting_id
        || ':' || meeting_contacts.person_id as touch_id,
        meeting_contacts.person_id,
        coalesce(meetings.created_at, meetings.record_created_at) as touched_at,
        'meeting_booked' as kind,
        'hubspot' as system,
        meetings.booking_source as value,
        cast(null as varchar) as campaign_id,
        true as is_human
    from meetings
    inner join meeting_contacts on meetings.meeting_id = meeting_contacts.activity_id
    where not coalesce(meetings.is_archived, false)

),

touches as (

    select * from submitted_forms
    union all
    select * from clicks
    union all
    select * from page_views
    union all
    select * from responses
    union all
    select * from booked_meetings

),

known_by_now as (

    select touches.*
    from touches
    inner join run on touches.touched_at <= run.as_of

)

select * from known_by_now
