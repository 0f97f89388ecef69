"""What decides the samples of one sentence, as a key: equal keys are equal samples.

A key is made of inputs alone: no clock, no caller, no lane. Two utterances share the sentences that
say the same at the same place, whatever stands around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from voxgate.files import digest_json
from voxgate.serving.requests import Utterance

__all__ = ["SentenceKey", "SentenceOwner", "sentence_key", "sentence_keys", "utterance_digest"]


@dataclass(frozen=True, kw_only=True)
class SentenceOwner:
    """Whose speech it is: what a recall or a revocation names.

    `reference` is the sha256 of a profile's prepared reference; None is the voice package's own.
    """

    voice: str
    reference: str | None


@dataclass(frozen=True, kw_only=True)
class SentenceKey:
    """The key of one sentence: `digest` names the `facts`, JSON values that hold its text."""

    digest: str
    owner: SentenceOwner
    facts: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)

    def without_text(self) -> SentenceKey:
        """Return the same key without its facts, for whoever keeps it."""
        return replace(self, facts={})


def sentence_key(
    utterance: Utterance,
    text: str,
    place: int,
    *,
    speaking_code: str,
    device: str | None = None,
) -> SentenceKey:
    """Return the key of the sentence at `place`, counted from 0.

    `text` is the sentence as the voice's reader normalised and cut it. `speaking_code` is the
    digest of the code that speaks: a changed line must not meet yesterday's samples. `device` is
    the kind of the GPU that speaks, None the processor: their samples differ in the last bits.
    """
    facts = {**_facts(utterance, speaking_code, device), "text": text, "place": place}
    reference = utterance.reference
    owner = SentenceOwner(
        voice=utterance.voice.digest, reference=None if reference is None else reference.sha256
    )
    return SentenceKey(digest=digest_json(facts), owner=owner, facts=facts)


def sentence_keys(
    utterance: Utterance,
    sentences: Sequence[str],
    *,
    speaking_code: str,
    device: str | None = None,
) -> tuple[SentenceKey, ...]:
    """Return the keys of all sentences of an utterance, in their order."""
    return tuple(
        sentence_key(utterance, text, place, speaking_code=speaking_code, device=device)
        for place, text in enumerate(sentences)
    )


def utterance_digest(utterance: Utterance, *, speaking_code: str, device: str | None = None) -> str:
    """Name an utterance as it was asked for, before anybody has read its text."""
    return digest_json({**_facts(utterance, speaking_code, device), "whole_text": utterance.text})


def _facts(utterance: Utterance, speaking_code: str, device: str | None) -> dict[str, object]:
    reference = utterance.reference
    # The processor has no entry: what it spoke before there were devices keeps its keys.
    on_device = {} if device is None else {"device": device}
    return {
        "voice": utterance.voice.digest,
        "reference": None if reference is None else reference.sha256,
        "reference_text": None if reference is None else reference.text,
        "preset": utterance.preset.digest,
        # As a text that names this very number: 1 and 1.0 are one speed.
        "speed": float(utterance.speed).hex(),
        "seed": utterance.seed,
        "code": speaking_code,
        **on_device,
    }
