"""Whose speech it is.

In order: `voice_windows` embeds what is said, `voices` groups it by person, `turns` follows who
speaks through time, `speaker_doubts` judges one utterance.
"""
