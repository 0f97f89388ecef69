"""The sound itself: level, what is heard outside the words, timing, pitch, quality.

In order: `catalogue` names what is measured of each sample and which way is worse; `pitch` and
`spans` find where somebody speaks; `signal` and `timing` measure with that, `windows` cuts speech
for the speaker encoder, `prediction` asks the quality predictor; `measuring` does all of it, and
`distribution` shows it.
"""
