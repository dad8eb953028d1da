-- What the first tagged page of each person says about where they came from: medium and source of
-- the campaign, or of an advertiser's click id. It serves where HubSpot recorded no source.
with

records as (

    select * from {{ ref('int_record') }}

),

person_records as (

    select * from {{ ref('person_record') }}

),

form_submissions as (

    select * from {{ ref('stg_hubspot__form_submission') }}

),

contact_history as (

    select * from {{ ref('stg_hubspot__contact_history') }}

),

click_ids as (

    select * from {{ ref('click_id') }}

),

this_run as (

    select * from {{ ref('run') }}

),

pages as (

    select
        records.record_id as contact_id,
        form_submissions.page_url,
        form_submissions.submitted_at as seen_at
    from form_submissions
    inner join records
        on lower(form_submissions.email) = records.email and records.object = 'contacts'

    union all

    select
        contact_id,
        value as page_url,
        changed_at as seen_at
    from contact_history
    where property = 'hs_analytics_last_url'

),

-- Many people come by few addresses: each is read once. Click ids have names of their own, so an
-- address without any `=` cannot be tagged.
queries as (

    select distinct
        page_url,
        '&' || replace(lower(page_url), '?', '&') as query
    from pages
    where page_url like '%=%'

),

tagged as (

    select
        page_url,
        {{ url_parameter('page_url', 'utm_medium') }} as utm_medium,
        {{ url_parameter('page_url', 'utm_source') }} as utm_source,
        cast(null as varchar) as click_medium,
        cast(null as varchar) as click_source
    from queries
    where query like '%&utm\_%' escape '\'

    union all

    select
        queries.page_url,
        cast(null as varchar) as utm_medium,
        cast(null as varchar) as utm_source,
        click_ids.medium as click_medium,
        click_ids.utm_source as click_source
    from queries
    inner join click_ids
        on replace(queries.query, '&' || click_ids.parameter || '=', '') <> queries.query

),

ranked as (

    select
        person_records.person_id,
        pages.seen_at,
        coalesce(tagged.utm_medium, tagged.click_medium) as medium,
        case
            when tagged.utm_medium is null then tagged.click_source else tagged.utm_source
        end as utm_source,
        row_number() over (
            partition by person_records.person_id
            order by
                pages.seen_at,
                case when tagged.utm_medium is null then 1 else 0 end,
                pages.page_url,
                tagged.click_medium,
                tagged.click_source
        ) as page_rank
    from pages
    inner join tagged on pages.page_url = tagged.page_url
    inner join person_records
        on pages.contact_id = person_records.record_id and person_records.object = 'contacts'
    inner join this_run on pages.seen_at <= this_run.as_of
    where coalesce(tagged.utm_medium, tagged.click_medium) is not null

),

first_tagged as (

    select
        person_id,
        seen_at,
        medium,
        utm_source
    from ranked
    where page_rank = 1

)

select * from first_tagged
