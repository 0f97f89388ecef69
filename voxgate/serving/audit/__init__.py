"""Who had what said, by which version: written beside the request, sealed in a chain.

In order: `record`, `chain`, `lines`, `segments`, `segment_file`, `spool`, `delivery`.
"""
