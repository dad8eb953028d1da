-- One row per address that a contact had in a version older than its newest.
{{ former_values('salesforce', 'Contact', 'Id', 'Email', 'contact_id', 'email') }}
