"""A person hears what an import doubts, and what the answers come to.

In order: `queue` says which clips, and which decisions no longer fit any; `answers` makes a
decision of an answer; `shown` is a clip as a page shows it; `room` is the port between the page
and whoever keeps the decisions.
"""
