"""Commands and flow steps around the release ledger, one a file.

In the order of a candidate's life: `register` and `gold` enter it, `gate` and `judge` form the
verdict (`standing` asks what the ledger says beside the figures), `listen` and `approve` let people
decide, `promote` makes it live, `monitor` watches. `unchanged` says (by `verdict_standing`) when
none of them has anything to do. Beside it: `trade`, `audit`, `registry`, `roles`, `notifications`.
The rules are in `voxgate.release`.
"""
