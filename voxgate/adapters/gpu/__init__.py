"""A GPU as the speech pool meets it: what it is called, and how much of it is free.

In order: `memory` (one device as torch sees it), `longest` (a voice that speaks as long as it may,
to be measured), and `kind`, a program that says what a device is called.
"""
