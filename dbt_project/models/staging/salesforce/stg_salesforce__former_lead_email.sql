-- One row per address that a lead had in a version older than its newest.
{{ former_values('salesforce', 'Lead', 'Id', 'Email', 'lead_id', 'email') }}
