"""Weights that are fetched: what they are, where they come from, where they lie.

In order: `origins` has the types, `catalogue` the list; `package_fetch` and `ctranslate2_weights`
read what arrives, `recipes` makes assets of it, `store` keeps and checks them.
"""
