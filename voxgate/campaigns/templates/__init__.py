"""One message for many recipients: text with typed slots, cut into sentences that stay one.

In order: `slots` (what one takes), `figures` and `words` (how values are written), `values`
(reading one), `template`, `syntax`, `samples`, `cutting`, `parsing`, `advice`.
"""
