-- Who can own or change a record: Salesforce users and queues, HubSpot owners.
-- A HubSpot owner is the Salesforce user with the same address, when there is one.
with

users as (

    select * from {{ ref('stg_salesforce__user') }}

),

user_groups as (

    select * from {{ ref('stg_salesforce__group') }}

),

owners as (

    select * from {{ ref('stg_hubspot__owner') }}

),

automation as (

    select
        system,
        field,
        lower(trim(value)) as value
    from {{ ref('automation_user') }}

),

sales as (

    select
        field,
        lower(trim(value)) as value
    from {{ ref('sales_user') }}

),

-- Each user by every name that the automation and sales seeds may use.
user_names as (

    select
        user_id,
        'user_id' as field,
        lower(user_id) as value
    from users
    union all
    select
        user_id,
        'username' as field,
        lower(username) as value
    from users
    union all
    select
        user_id,
        'full_name' as field,
        lower(full_name) as value
    from users
    union all
    select
        user_id,
        'email' as field,
        lower(email) as value
    from users
    union all
    select
        user_id,
        'department' as field,
        lower(department) as value
    from users
    union all
    select
        user_id,
        'user_role_id' as field,
        lower(user_role_id) as value
    from users

),

owner_names as (

    select
        owner_id,
        'owner_id' as field,
        lower(owner_id) as value
    from owners
    union all
    select
        owner_id,
        'email' as field,
        lower(email) as value
    from owners

),

automated_users as (

    select distinct user_names.user_id
    from user_names
    inner join automation
        on user_names.field = automation.field and user_names.value = automation.value
    where automation.system = 'salesforce'

),

automated_owners as (

    select distinct owner_names.owner_id
    from owner_names
    inner join automation
        on owner_names.field = automation.field and owner_names.value = automation.value
    where automation.system = 'hubspot'

),

sales_users as (

    select distinct user_names.user_id
    from user_names
    inner join sales on user_names.field = sales.field and user_names.value = sales.value

),

sales_rule as (

    select count(*) > 0 as is_set from sales

),

-- A user type that the credentials may not read is taken for a person's.
salesforce_users as (

    select
        users.user_id,
        'salesforce' as system,
        coalesce(users.user_type, 'Standard') = 'Standard'
        and automated_users.user_id is null as is_person,
        not sales_rule.is_set or sales_users.user_id is not null as is_in_sales,
        users.user_id as salesforce_user_id,
        lower(users.email) as email,
        cast(null as varchar) as hubspot_user_id
    from users
    cross join sales_rule
    left join automated_users on users.user_id = automated_users.user_id
    left join sales_users on users.user_id = sales_users.user_id

),

first_of_address as (

    select
        salesforce_users.*,
        row_number() over (
            partition by email order by is_person desc, user_id asc
        ) as address_rank
    from salesforce_users
    where email is not null

),

hubspot_owners as (

    select
        owners.owner_id as user_id,
        'hubspot' as system,
        coalesce(upper(owners.owner_type), 'PERSON') = 'PERSON'
        and automated_owners.owner_id is null
        and coalesce(first_of_address.is_person, true) as is_person,
        coalesce(first_of_address.is_in_sales, not sales_rule.is_set) as is_in_sales,
        first_of_address.user_id as salesforce_user_id,
        owners.user_id as hubspot_user_id
    from owners
    cross join sales_rule
    left join automated_owners on owners.owner_id = automated_owners.owner_id
    left join first_of_address
        on lower(owners.email) = first_of_address.email and first_of_address.address_rank = 1

),

queues as (

    select
        group_id as user_id,
        'salesforce' as system
    from user_groups

),

combined as (

    select
        user_id,
        system,
        is_person,
        is_person and is_in_sales as is_sales,
        salesforce_user_id,
        hubspot_user_id
    from salesforce_users

    union all

    select
        user_id,
        system,
        is_person,
        is_person and is_in_sales as is_sales,
        salesforce_user_id,
        hubspot_user_id
    from hubspot_owners

    union all

    select
        user_id,
        system,
        false as is_person,
        false as is_sales,
        cast(null as varchar) as salesforce_user_id,
        cast(null as varchar) as hubspot_user_id
    from queues

)

select * from combined
