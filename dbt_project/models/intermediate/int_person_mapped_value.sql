-- Every value of a person or account that a mapping had to name, and whether it could.
with

sources as (

    select * from {{ ref('int_person_source') }}

),

firmographics as (

    select * from {{ ref('int_account_firmographic') }}

),

given as (

    select
        'source' as mapping,
        said_by as system,
        raw_source as value,
        first_sourced_at as given_at,
        source = 'Unmapped' as is_unmapped
    from sources
    where raw_source is not null

    union all

    select
        'industry' as mapping,
        'both' as system,
        raw_industry as value,
        valid_from as given_at,
        industry is null as is_unmapped
    from firmographics
    where raw_industry is not null

    union all

    select
        'country' as mapping,
        'both' as system,
        raw_country as value,
        valid_from as given_at,
        country is null as is_unmapped
    from firmographics
    where raw_country is not null

)

select * from given
