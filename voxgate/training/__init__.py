"""From features to a voice: which networks, which learners, which checkpoints.

In order: `preset_choice`, `budget`; `fit` (the loop, for any network); `objectives` (what each
learns); `networks` (fresh or from a base); `learners` (network and objective together);
`checkpoints`, `fit_voice` and `new_voice` (the package that comes out). Knows no judge.
"""
