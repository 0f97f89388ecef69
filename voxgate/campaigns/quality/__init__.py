"""Whether one spoken sentence may be delivered: measured once, for all who are sent it.

In order: `alignment` (two rows of sounds or words, side by side), `expected` (which words are
meant, and which of them fill a slot), `hearing` (what was heard against what was meant), `sound`
(what needs no recogniser), `figures` (all that is measured of a sentence), `rules` (limits, and the
judgement by them) and `checking` (instruments in, judgements out). Limits come from a calibration:
`material` (the sentences that ship), `sampling` (good clips, and clips that are bad on purpose),
`limits` (the choice), `calibration` (its record) and `calibrating` (all of it for one voice). Then
what a worker does with the answer: `rerolls` (other seeds, and which attempt is kept) and `breaker`
(when to stop a campaign).
"""
