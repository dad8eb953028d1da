-- SAL standard
-- What marketing owes sales with every MQL: a record that sales can work without research, and an
-- account that is known to fit, not merely not ruled out. One row an MQL, those below it included.
--
-- To change it, edit the tests in "clauses" and open a pull request.
-- Both teams agree before it counts: see CONTRIBUTING.md.

with

mqls as (

    select * from {{ ref('mql') }}
    where is_mql

),

people as (

    select * from {{ ref('int_person') }}

),

accounts as (

    select * from {{ ref('icp') }}

),

personal_domains as (

    select * from {{ ref('personal_domain') }}

),

-- The account as it was known when the person was handed over. A title has no history: it is
-- today's.
clauses as (

    select
        mqls.episode_id,
        mqls.person_id,
        mqls.mql_at,
        mqls.account_id is not null as c_company_known,
        accounts.industry is not null
        and accounts.employees is not null
        and accounts.region is not null as c_firmographics_known,
        coalesce(people.has_title, false) as c_title_known,
        mqls.team <> 'unknown' as c_source_known,
        people.email_domain is not null
        and personal_domains.domain is null as c_corporate_address,
        mqls.icp_fit = 'fit' as c_icp_fit_known
    from mqls
    left join people on mqls.person_id = people.person_id
    left join personal_domains on people.email_domain = personal_domains.domain
    left join accounts
        on mqls.account_id = accounts.account_id
            and mqls.mql_at >= accounts.valid_from
            and (accounts.valid_to is null or mqls.mql_at < accounts.valid_to)

),

judged as (

    select
        clauses.*,
        c_company_known
        and c_firmographics_known
        and c_title_known
        and c_source_known as is_complete,
        c_company_known
        and c_firmographics_known
        and c_title_known
        and c_source_known
        and c_corporate_address
        and c_icp_fit_known as meets_standard
    from clauses

)

select * from judged
