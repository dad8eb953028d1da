-- Edges of HubSpot's deals and activities; a contact names its company itself. HubSpot stops
-- telling of an edge when one of its records is archived: such an edge is kept as it was last told
-- before. One that was taken off is gone.
with

versions as (

    select * from {{ ref('stg_hubspot__association') }}
    where from_object not in ('contacts', 'companies')
        or to_object not in ('contacts', 'companies')

),

contacts as (

    select * from {{ ref('stg_hubspot__contact') }}

),

companies as (

    select * from {{ ref('stg_hubspot__company') }}

),

deals as (

    select * from {{ ref('stg_hubspot__deal') }}

),

archived as (

    select
        'contacts' as object,
        contact_id as record_id,
        archived_at
    from contacts
    where is_archived

    union all

    select
        'companies' as object,
        company_id as record_id,
        archived_at
    from companies
    where is_archived

    union all

    select
        'deals' as object,
        deal_id as record_id,
        archived_at
    from deals
    where is_archived

),

-- Edges that the newest version does not tell of, as they were told of last.
withdrawn as (

    select
        older.*,
        row_number() over (
            partition by older.from_object, older.from_id, older.to_object, older.to_id
            order by older.version_rank
        ) as number_from_last
    from versions as older
    left join versions as newest
        on older.from_object = newest.from_object
            and older.from_id = newest.from_id
            and older.to_object = newest.to_object
            and older.to_id = newest.to_id
            and newest.version_rank = 1
    where older.version_rank > 1
        and older.to_id is not null
        and newest.to_id is null

),

missed as (

    select
        withdrawn.from_object,
        withdrawn.from_id,
        withdrawn.to_object,
        withdrawn.to_id,
        withdrawn.association_types,
        min(later.extracted_at) as missed_at
    from withdrawn
    inner join versions as later
        on withdrawn.from_object = later.from_object
            and withdrawn.from_id = later.from_id
            and withdrawn.to_object = later.to_object
            and withdrawn.version_rank > later.version_rank
    where withdrawn.number_from_last = 1
    group by 1, 2, 3, 4, 5

),

edges as (

    select
        from_object,
        from_id,
        to_object,
        to_id,
        association_types
    from versions
    where version_rank = 1
        and to_id is not null

    union all

    select
        missed.from_object,
        missed.from_id,
        missed.to_object,
        missed.to_id,
        missed.association_types
    from missed
    left join archived as starts
        on missed.from_object = starts.object
            and missed.from_id = starts.record_id
    left join archived as ends
        on missed.to_object = ends.object
            and missed.to_id = ends.record_id
    where starts.archived_at <= missed.missed_at
        or ends.archived_at <= missed.missed_at

)

select * from edges
