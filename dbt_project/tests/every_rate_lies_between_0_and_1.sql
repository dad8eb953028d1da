-- A rate outside of [0, 1] means that a numerator counts what its denominator does not.
{{ config(severity='error') }}

select *
from {{ ref('metric_slice') }}
where
    denominator is not null
    -- A share of money may leave the range when an amount is negative; such amounts are flagged.
    and metric not in (
        'marketing_sourced_share', 'marketing_influenced_share', 'marketing_accelerated_share'
    )
    and (numerator < 0 or numerator > denominator + 0.01)
