"""Campaigns: recipients x templates x voice, one checked asset a cell, which can be called back.

A sentence that many cells share is spoken and checked once. In order: what a campaign is and how it
may change (`records`, `events`, `transitions`, `spec`), what it needs of the world (`ports`), what
a door asks (`service`), what caches are told (`tags`); then `templates`, `lists` of recipients,
`quality`, `planning`, `work`, `recall`, `output`.
"""
