-- One row per published figure that an earlier release moved, with the parts of the move.
with

source as (

    select * from {{ source('onefunnel', 'restatement') }}

)

select
    run_id,
    moved_as_of,
    published_run_id,
    published_as_of,
    metric,
    month,
    source,
    published_numerator,
    published_denominator,
    published_value,
    now_numerator,
    now_denominator,
    now_value,
    definition_numerator,
    definition_denominator,
    definition_value,
    late_data_numerator,
    late_data_denominator,
    late_data_value,
    ripening_numerator,
    ripening_denominator,
    ripening_value,
    definition_records,
    late_data_records,
    changed_definitions,
    not_split_because
from source
