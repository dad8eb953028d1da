"""HubSpot: CRM objects, history, associations and marketing data through hubspot-api-client."""
