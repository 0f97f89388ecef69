"""What is heard in a recording, apart from words: speech, pauses, other sounds, faults.

In order: `runs` are spans of frames; `speech` is where somebody speaks; `levels` and `islands` find
real pauses; `sounds` names what is heard elsewhere, `marks` says what is wrong with the sound of an
utterance; `cleaning` takes noise out of clips that are no worse for it.
"""
