"""From a verdict to a release, exactly once: states, rules and the chain of events.

In order: `states`; `events`; `chain` (is the ledger whole?); `people` (whose name is whose);
`trades` and `votes` (what people signed); `trials` (who speaks before being live); `records` (what
an event says); `control_chart` and `drift`; `book` (what stands: the fold of all events); `policy`;
`projection` (what the registry shows); `notices` (what people are told); `loosening` compares
limits with those of the last release, `statements` enters what was measured and what was signed;
`trial_tally` is what a trial counted, `anytime_tests` and `trial_judgement` what follows from it;
`ports` (what is asked of the world outside); `listening`, for people who hear before they decide;
then the rules, one step a module: `candidates`, `promotions`, `monitoring`, `approvals`,
`trial_rules`. `replay` asks of every event whether those rules allow it, `audit` answers about the
past, and `desk` has everything at hand that a decision needs.
"""
