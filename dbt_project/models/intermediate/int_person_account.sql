-- The account to which a person belongs, and when: what the person's records name comes first,
-- then the account with the e-mail's domain, then the domain's provisional account. Periods do not
-- overlap.
with

people as (

    select * from {{ ref('int_person') }}

),

account_links as (

    select * from {{ ref('int_person_account_link') }}

),

domain_accounts as (

    select * from {{ ref('int_domain_account') }}

),

accounts as (

    select * from {{ ref('int_account') }}

),

this_run as (

    select * from {{ ref('run') }}

),

links as (

    select
        people.person_id,
        people.person_number,
        account_links.account_id,
        account_links.rule,
        account_links.rule_rank,
        account_links.preference,
        greatest(account_links.valid_from, people.first_known_at) as valid_from,
        account_links.valid_to
    from people
    inner join account_links on people.person_id = account_links.person_id

),

lasting_links as (

    select
        links.person_number,
        min(links.valid_from) as valid_from
    from links
    cross join this_run
    where links.valid_to is null and links.valid_from <= this_run.as_of
    group by 1

),

-- Once a record names an account for good, the domain is asked no more.
unlinked_people as (

    select
        people.person_id,
        people.person_number,
        people.email_domain,
        people.first_known_at,
        lasting_links.valid_from as linked_at
    from people
    left join lasting_links on people.person_number = lasting_links.person_number
    where lasting_links.valid_from is null
        or lasting_links.valid_from > people.first_known_at

),

candidates as (

    select * from links

    union all

    select
        unlinked_people.person_id,
        unlinked_people.person_number,
        domain_accounts.account_id,
        'domain' as rule,
        4 as rule_rank,
        1 as preference,
        greatest(domain_accounts.valid_from, unlinked_people.first_known_at) as valid_from,
        least(domain_accounts.valid_to, unlinked_people.linked_at) as valid_to
    from unlinked_people
    inner join domain_accounts on unlinked_people.email_domain = domain_accounts.domain
    where domain_accounts.candidate_rank = 1

    union all

    select
        unlinked_people.person_id,
        unlinked_people.person_number,
        accounts.account_id,
        'provisional' as rule,
        5 as rule_rank,
        1 as preference,
        unlinked_people.first_known_at as valid_from,
        unlinked_people.linked_at as valid_to
    from unlinked_people
    inner join accounts on unlinked_people.email_domain = accounts.domain
    where accounts.system = 'domain'

),

-- People are told apart by number here: millions of rows are sorted, and sorting text costs thrice.
-- At one moment no two candidates of a person share a choice: links are numbered by rule, and a
-- domain has one account.
possible as (

    select
        candidates.person_id,
        candidates.person_number,
        candidates.account_id,
        candidates.rule,
        candidates.valid_from,
        candidates.valid_to,
        candidates.rule_rank * 1000000 + candidates.preference as choice
    from candidates
    cross join this_run
    where
        (candidates.valid_to is null or candidates.valid_to > candidates.valid_from)
        and candidates.valid_from <= this_run.as_of

),

moments as (

    select
        person_number,
        valid_from as moment
    from possible
    union
    select
        person_number,
        valid_to as moment
    from possible
    where valid_to is not null

),

best as (

    select
        moments.person_number,
        moments.moment,
        min(possible.choice) as choice
    from moments
    left join possible
        on
            moments.person_number = possible.person_number
            and moments.moment >= possible.valid_from
            and (possible.valid_to is null or moments.moment < possible.valid_to)
    group by 1, 2

),

compared as (

    select
        best.person_number,
        best.moment,
        possible.person_id,
        possible.account_id,
        possible.rule,
        lag(possible.account_id) over (
            partition by best.person_number
            order by best.moment
        ) as account_before
    from best
    left join possible
        on
            best.person_number = possible.person_number
            and best.choice = possible.choice
            and best.moment >= possible.valid_from
            and (possible.valid_to is null or best.moment < possible.valid_to)

),

changes as (

    select
        person_id,
        account_id,
        moment as valid_from,
        lead(moment) over (partition by person_number order by moment) as valid_to,
        rule
    from compared
    where coalesce(account_id, '') <> coalesce(account_before, '')

),

memberships as (

    select * from changes
    where account_id is not null

)

select * from memberships
