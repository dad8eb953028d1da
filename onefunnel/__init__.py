"""The command line and its configuration."""
