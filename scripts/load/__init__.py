"""Load on the speech service, and a table of how it bore it: `python -m scripts.load`.

wire  machine               one request on a socket; what processes and processor did
texts  generator  rows      what is said; planned arrivals; found against wanted
target  plain_server        the server under load, and the straightforward one beside it
services  ledger_copy       Redis and PostgreSQL of a run's own; a ledger that moves there
bench  job_client           a server, how much is run on it, how speech and jobs are asked for
lanes  sameness  losses     scenarios: how fast, whether the same, what is left after a kill
jobs  outages  lifetime     scenarios: jobs under kills, a queue or database away, releases
scenarios  report           all of them; the table in docs/benchmarks.md
prepare                     a checkout with a released voice, from a finished run
"""
