"""HubSpot: CRM objects, history, associations and marketing data, as HubSpot says them."""
