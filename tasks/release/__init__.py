"""Commands and flow steps around the release ledger: register, judge, decide, promote, audit."""
