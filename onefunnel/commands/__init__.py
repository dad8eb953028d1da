"""One module per command of the command line; each holds the command and what only it needs."""
