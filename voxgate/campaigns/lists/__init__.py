"""Lists of recipients, read row by row in flat memory; a bad row rejects nobody else.

In order: `lines`, `rows`, `csv_rows`, `json_rows`, `recipients`.
"""
