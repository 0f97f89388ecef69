"""What a campaign hands over: a table of all cells, one of rejected rows, and a report.

In order: `columns` (the tables, and the digest that names them), `rows` (a cell as a row), `tables`
(written in one pass, read again to be verified), `tally` (what the table comes to, held against the
counts), `survey` (what the sentences come to), `report` (both as one document), `pages` (the
document for people), `writing` (all of it, into a folder).
"""
