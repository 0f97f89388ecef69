"""Speak a claim of sentences: each once for all who wait for it, checked, spoken again where bad.

A sentence that fails the check is spoken again with other seeds that follow from its own; the best
try is kept. Where none passes, it waits for a person, with audio to hear. Files are named by key
and attempt, so that nobody writes over a published one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.encoding import encode_file
from voxgate.campaigns.planning.messages import Piece
from voxgate.campaigns.ports import Claim, SettledSentence
from voxgate.campaigns.quality.rerolls import best_attempt, reroll_seeds
from voxgate.campaigns.quality.rules import QualityState, SentenceQuality
from voxgate.campaigns.records import Fault, SentenceState, SentenceWork, SpokenResult
from voxgate.campaigns.work.studio import Studio
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.errors import EvaluatorError, TextError, VoiceError
from voxgate.serving.jobs.assets import keyed_asset_id
from voxgate.serving.requests import SpokenSentence

__all__ = ["speak_sentences"]

_UNREADABLE = "text_unreadable"


@dataclass(kw_only=True)
class _Try:
    """A sentence while it is worked on: what each checked try gave, and with which seed."""

    work: SentenceWork
    piece: Piece
    spoken: SpokenSentence | None = None
    checked: list[tuple[SentenceQuality, SpokenSentence, int]] = field(default_factory=list)
    tries: int = 0
    cpu_ms: float = 0.0
    fallback: bool = False
    fault: Fault | None = None

    @property
    def best(self) -> tuple[SentenceQuality, SpokenSentence, int] | None:
        if not self.checked:
            return None
        return self.checked[best_attempt([quality for quality, _, _ in self.checked])]

    @property
    def passed(self) -> bool:
        return any(one.state is QualityState.PASSED for one, _, _ in self.checked)

    @property
    def is_open(self) -> bool:
        """Whether another seed may help; it makes no text readable."""
        unreadable = self.fault is not None and self.fault.code == _UNREADABLE
        return not self.passed and not unreadable


def speak_sentences(claim: Claim, studio: Studio, tools: CampaignTools) -> list[SettledSentence]:
    """Speak and check the sentences of a claim; one of which no try could be is a fault.

    Raises:
        StorageError, ExternalServiceError: samples cannot be stored; nothing is settled then.
    """
    tries = [_Try(work=work, piece=Piece.from_json(work.facts)) for work in claim.sentences]
    for seed in (studio.seed, *reroll_seeds(studio.seed)):
        _one_round([one for one in tries if one.is_open], studio, seed)
    _fall_back([one for one in tries if one.is_open], studio)
    return [_settled(one, claim, studio, tools) for one in tries]


def _one_round(tries: Sequence[_Try], studio: Studio, seed: int) -> None:
    """Speak all of them with one seed, then check all of them: ears are faster side by side."""
    for one in tries:
        one.spoken = None
        began_s = time.process_time()
        try:
            one.spoken = studio.speak(one.piece, one.work.place, seed=seed)
        except (TextError, VoiceError) as error:
            one.fault = Fault(code=_code(error), detail=str(error))
        one.tries += 1
        one.cpu_ms += 1000.0 * (time.process_time() - began_s)
    _check([one for one in tries if one.spoken is not None], studio, seed)


def _check(tries: Sequence[_Try], studio: Studio, seed: int) -> None:
    began_s = time.process_time()
    spoken = [one.spoken for one in tries if one.spoken is not None]
    if not spoken:
        return
    try:
        found = studio.check(spoken, [one.piece for one in tries])
    except EvaluatorError as error:
        if len(tries) == 1:  # what could not be measured is not delivered
            tries[0].fault = Fault(code="not_measured", detail=str(error))
            return
        for one in tries:
            _check([one], studio, seed)
        return
    share_ms = 1000.0 * (time.process_time() - began_s) / len(tries)
    for one, checked, speech in zip(tries, found, spoken, strict=True):
        one.cpu_ms += share_ms
        one.checked.append((checked, speech, seed))


def _fall_back(tries: Sequence[_Try], studio: Studio) -> None:
    """Say the campaign's fallback instead, where it has one and where it is said well."""
    for one in tries:
        piece = studio.fallback(one.piece)
        if piece is None:
            continue
        stand_in = _Try(work=one.work, piece=piece)
        _one_round([stand_in], studio, studio.seed)
        one.tries += stand_in.tries
        one.cpu_ms += stand_in.cpu_ms
        if stand_in.passed:
            one.checked, one.fallback = stand_in.checked, True


def _settled(one: _Try, claim: Claim, studio: Studio, tools: CampaignTools) -> SettledSentence:
    work = one.work
    if (best := one.best) is None:
        fault = one.fault or Fault(code="internal", detail="it was never tried")
        return SettledSentence(
            key=work.key, attempt=work.attempt, state=SentenceState.FAILED, fault=fault
        )
    checked, speech, seed = best
    passed = checked.state is QualityState.PASSED
    asset_id = _own_file(tools, claim, work)
    content = encode_file(speech.pcm, speech.sample_rate_hz, "flac")
    tools.assets.put(asset_id, content, media_type="audio/flac")
    result = SpokenResult(
        seed=seed,
        tries=one.tries,
        asset_id=asset_id,
        pcm_sha256=_digest(speech.pcm),
        duration_s=len(speech.pcm) / speech.sample_rate_hz,
        sample_rate_hz=speech.sample_rate_hz,
        quality=checked.as_json(),
        passed=passed,
        fallback=one.fallback,
        machine=studio.machine,
        cpu_ms=round(one.cpu_ms, 3),
    )
    state = SentenceState.PASSED if passed else SentenceState.NEEDS_REVIEW
    return SettledSentence(key=work.key, attempt=work.attempt, state=state, result=result)


def _own_file(tools: CampaignTools, claim: Claim, work: SentenceWork) -> str:
    facts: dict[str, str | int] = {
        "campaign": claim.campaign.id,
        "sentence": work.key,
        "attempt": work.attempt,
    }
    return keyed_asset_id(tools.secret, facts)


def _digest(pcm: NDArray[np.int16]) -> str:
    return sha256(pcm.astype("<i2", copy=False).tobytes()).hexdigest()


def _code(error: TextError | VoiceError) -> str:
    return _UNREADABLE if isinstance(error, TextError) else "voice_failed"
