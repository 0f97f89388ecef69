"""What two data versions are like, and what they offer to the prompts of the gate.

In order: `traits` of a text's form, `texts` (what is counted of all texts of a version), `figures`
(what is known of its clips), `slices` (training examples for each part of the gate's prompts),
`comparison` (two versions side by side). Pure functions of values; a figure that is not there is
said to be missing.
"""
