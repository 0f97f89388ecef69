"""The command line: `app` is its table, `options` what commands share, the rest one group each."""
