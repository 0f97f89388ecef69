"""Load on the speech service, and a table of how it bore it: `python -m scripts.load`.

wire  machine               one request on a socket; what processes and processor did
texts  rows                 what is said; what was found against what was wanted
generator                   planned arrivals, latency from the planned instant
target  plain_server        the server under load, and the straightforward one beside it
bench                       a server, how much of a scenario is run, how it is asked
lanes  sameness  losses     scenarios: how fast, whether the same, what is left after a kill
jobs  outages  lifetime     scenarios: jobs under kills, a queue or database away, releases
scenarios  report           all of them; the table in docs/benchmarks.md
prepare                     a checkout with a released voice, from a finished run
"""
