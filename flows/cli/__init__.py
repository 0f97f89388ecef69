"""The command line: `app` has the table of commands, each other module one group of them."""
