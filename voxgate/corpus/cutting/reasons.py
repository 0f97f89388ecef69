"""The reason codes of cutting: why a stretch is not simply kept, and what to do about each."""

from __future__ import annotations

from voxgate.corpus.cutting.stretches import Reason

__all__ = ["REMEDIES", "explain", "reason", "remedy_of"]

REMEDIES: dict[str, str] = {
    # the recogniser: two passes, and what it thinks of itself
    "passes_differ": "listen to it and write what is said",
    "low_probability": "listen to it: the recogniser is not sure of its words",
    "no_speech": "listen to it, and reject it if nobody speaks",
    "repeated_words": "listen to it: recognisers invent repetitions; write what is said",
    "text_on_silence": "listen to it: words stand where nothing is heard",
    "wrong_language": "import it with the language that is spoken, or reject it",
    "endless_transcript": "listen to it and write what is said: the recogniser found no end",
    # a text that was given
    "text_differs": "listen to it: the given text is not what the recogniser heard",
    "not_in_transcript": "listen to it: it is said, and the given text does not have it",
    # aligners
    "one_aligner": "listen to both edges, or import with --one-aligner",
    "aligners_differ": "listen to both edges and trim them, or correct the text",
    # who speaks
    "two_speakers": "trim it to one speaker, or reject it",
    "other_voice": "reject it, unless it is the speaker in another mood",
    "cross_talk": "reject it: two people speak at once",
    # sound
    "loudness_step": "listen to it: the microphone or its gain changed in the middle",
    "hum": "filter the hum out of the recording, or accept it if it is faint",
    "music": "reject it: music teaches the model to hum",
    "clipped": "record it again with less gain: flattened peaks cannot be restored",
    "low_snr": "record it again in a quieter room, or accept it if it is clear",
    "sound_without_speech": "nothing: it is no speech, and is left out",
    "tone": "nothing: it is no speech, and is left out",
    "noise": "nothing: it is no speech, and is left out",
    # the cut
    "too_short": "nothing, or lower cut.min_utterance_s",
    "too_long": "trim it, or raise cut.max_utterance_s: it has no pause to cut at",
    "no_words": "listen to it: somebody seems to speak, and no word was heard",
    "word_at_edge": "listen to both edges: a word may be cut",
    # a person
    "reviewer": "nothing: a person has heard and rejected it",
    "trimmed": "nothing: a person cut it off a clip",
}
"""What ends a message, by code; every reason of a stretch has a code that stands here."""


def reason(code: str, *, expected: str, arrived: str) -> Reason:
    """Return a reason whose code is known.

    Raises:
        KeyError: there is no such code, so nobody could be told what to do.
    """
    remedy_of(code)
    return Reason(code=code, expected=expected, arrived=arrived)


def remedy_of(code: str) -> str:
    """Return what to do about a code.

    Raises:
        KeyError: there is no such code.
    """
    return REMEDIES[code]


def explain(why: Reason) -> str:
    """Return the whole sentence that a person reads.

    >>> explain(reason("too_long", expected="at most 15.0 s", arrived="19.2 s"))[:44]
    'too_long: expected at most 15.0 s, got 19.2 '
    """
    return f"{why}; {remedy_of(why.code)}"
