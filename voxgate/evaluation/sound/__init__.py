"""The sound itself: level, what is heard outside the words, timing, pitch, quality.

In order: `catalogue` names what is measured of each sample and which way is worse.
"""
