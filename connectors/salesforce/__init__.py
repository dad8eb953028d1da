"""Salesforce: REST and Bulk API 2.0 through simple-salesforce."""
