"""Where speech is asked for: nothing is spoken twice that is kept or under way.

In order: `keys`, `files`, `cache`, `erasing`, `flights`, `reading`, `answer`, and `desk`, which
puts these together.
"""
