"""A verdict as one HTML page and as a model card: pure functions of a bundle and its surroundings.

In order: `document` (what the bundle does not hold, as values), `numbers` (how figures are
written), `choice` (which samples are played), `words` (asked for beside heard), `figures`,
`spread` and `slices` (tables), `scales` and `pictures` (where each mark lies), `environment`
(Jinja2, everything escaped), then `page` and `model_card`; `drift` is the page of a live voice,
`seconds` that of imported recordings, `data_shape` that of two data versions.
Reads no file but its own templates, no clock, no ledger.
"""
