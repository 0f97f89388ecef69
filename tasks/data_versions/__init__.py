"""What an owner asks of versions of data/.

In order: `sound` measures what no validation has, and keeps it; `shape` sets two versions side by
side; `registration` makes a version.
"""
