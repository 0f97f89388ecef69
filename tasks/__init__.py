"""Use cases: read inputs, call the domain, write or record the result.

In order: `measuring` lets the judges sit; `stages` are what DVC runs, through `python -m tasks`;
`release` is what happens to a candidate. No Prefect and no torch; adapters through
`voxgate.wiring`.
"""
