-- One row per address that a HubSpot contact had in a version older than its newest.
{{ former_values('hubspot', 'contacts', '"id"', 'email', 'contact_id', 'email') }}
