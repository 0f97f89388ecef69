"""What an owner asks of versions of data/.

In order: `phones` reads texts as training would; `texts` counts those of versions, and `sound`
measures what no validation has: both keep what they found; `shape` sets two versions side by side;
`registration` makes a version.
"""
