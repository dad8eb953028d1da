"""Read Salesforce and HubSpot and land what they said; no business rule and no Dagster here."""
