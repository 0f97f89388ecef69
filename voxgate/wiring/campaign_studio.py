"""A worker's studio: the pinned voice, the judges' ears, and the limits of its calibration."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from voxgate.audio.shards import from_pcm16
from voxgate.campaigns.planning.messages import MessageReader, Piece
from voxgate.campaigns.quality.calibration import (
    CalibrationSubject,
    QualityCalibration,
    Refusals,
)
from voxgate.campaigns.quality.checking import Ears, Reference, check_sentences, hear_wave
from voxgate.campaigns.quality.expected import ExpectedSentence, ExpectedWord, SentenceKind
from voxgate.campaigns.quality.material import read_material
from voxgate.campaigns.quality.rules import SentenceQuality
from voxgate.campaigns.records import Campaign
from voxgate.campaigns.spec import CampaignSpec, parse_spec
from voxgate.campaigns.templates.template import FilledSentence
from voxgate.corpus.user_lexicon import with_term
from voxgate.errors import ConfigError
from voxgate.files import digest_json
from voxgate.serving.pool.voices import Speaker
from voxgate.serving.requests import SpokenSentence, Utterance
from voxgate.speakers.reference_files import read_reference
from voxgate.speaking.reading import TextReader, packaged_reader
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table
from voxgate.voice.card import card_lexicons, read_voice_card
from voxgate.wiring.campaign_ears import open_ears
from voxgate.wiring.campaign_limits import find_limits
from voxgate.wiring.campaign_voices import CampaignVoice, pinned_voice
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.served_voices import load_served_voice

_OWN_SENTENCES = 8

__all__ = [
    "Booth",
    "VoiceStudio",
    "build_reader",
    "build_studio",
    "campaign_front_end",
    "open_booth",
    "open_studio",
    "subject_of",
]


@dataclass(frozen=True, kw_only=True)
class Booth:
    """A voice and ears, before there are limits to judge by."""

    utterance: Utterance
    speaker: Speaker = field(repr=False)
    front_end: FrontEnd = field(repr=False)
    ears: Ears = field(repr=False)
    reference: Reference = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class VoiceStudio(Booth):
    """Implements `Studio` with a voice package in this process."""

    calibration: QualityCalibration = field(repr=False)
    stand_in: Piece | None
    keep_texts: bool
    machine: str

    @property
    def seed(self) -> int:
        """The preset's."""
        return self.utterance.preset.seed

    @property
    def own_refusals(self) -> Mapping[SentenceKind, Refusals]:
        """As the calibration counted."""
        return self.calibration.own

    def speak(self, piece: Piece, place: int, *, seed: int) -> SpokenSentence:
        """Speak a piece; see `Studio.speak`."""
        utterance = replace(self.utterance, text=piece.text, seed=seed)
        return self.speaker.speak_piece(utterance, place=place)

    def check(
        self, spoken: Sequence[SpokenSentence], pieces: Sequence[Piece]
    ) -> Sequence[SentenceQuality]:
        """Check what was spoken; see `Studio.check`."""
        return check_sentences(
            spoken,
            [self._expected(piece) for piece in pieces],
            ears=self.ears,
            rules=self.calibration.rules,
            reference=self.reference,
            keep_text=self.keep_texts,
        )

    def fallback(self, piece: Piece) -> Piece | None:
        """Return the campaign's fallback for a piece with slots."""
        return self.stand_in if any(piece.slots) else None

    def _expected(self, piece: Piece) -> ExpectedSentence:
        words = to_phonemes(piece.text, self.front_end).words
        return ExpectedSentence(
            text=piece.text,
            words=tuple(
                ExpectedWord(word=word.word, phones=word.phones, slot=slot)
                for word, slot in zip(words, piece.slots, strict=True)
            ),
        )


def open_studio(checkout: Checkout, campaign: Campaign) -> VoiceStudio:
    """Open the studio of a planned campaign.

    Raises:
        NotCalibratedError: voice, preset or ears have no limits; nothing is spoken without.
        WeightsError, VoiceError, EvaluatorError: voice or instruments cannot be loaded.
        ConsentError, ProfileStateError, QuarantinedVersionError: it may not be spoken.
        LedgerError, RegistryError, StorageError, ExternalServiceError: as the parts.
    """
    assert campaign.pinned is not None, "only a planned campaign is spoken"
    spec = parse_spec(dict(campaign.spec), campaign.id)
    voice = pinned_voice(checkout, campaign)
    return build_studio(checkout, spec, voice, rules=campaign.pinned.quality_digest)


def build_studio(
    checkout: Checkout, spec: CampaignSpec, voice: CampaignVoice, *, rules: str | None = None
) -> VoiceStudio:
    """Open the studio of a voice with its newest limits, or those of `rules`; see `open_studio`."""
    booth = open_booth(checkout, spec, voice)
    return VoiceStudio(
        **vars(booth),
        calibration=find_limits(checkout, subject_of(voice, booth.ears), rules=rules),
        stand_in=_stand_in(spec, voice, booth.front_end),
        keep_texts=spec.keep_texts,
        machine=machine_kind(),
    )


def open_booth(checkout: Checkout, spec: CampaignSpec, voice: CampaignVoice) -> Booth:
    """Open a voice and the instruments that will listen to it.

    Raises:
        WeightsError, VoiceError, EvaluatorError: they cannot be loaded.
        ConfigError: a word of the campaign's lexicon cannot be.
    """
    ears = open_ears(checkout)
    speaker = Speaker(load=partial(_load, spec, root=checkout.root))

    def speak(text: str) -> SpokenSentence:
        return speaker.speak_piece(replace(voice.utterance, text=text), place=0)

    front_end = campaign_front_end(voice.utterance.voice.folder, spec.lexicon)
    return Booth(
        utterance=voice.utterance,
        speaker=speaker,
        front_end=front_end,
        ears=replace(ears, front_end=front_end),
        reference=embed_reference(checkout, voice, ears, speak),
    )


def subject_of(voice: CampaignVoice, ears: Ears) -> CalibrationSubject:
    """Name what limits hold for."""
    return CalibrationSubject(
        voice=voice.utterance.voice.digest,
        reference=voice.reference_sha256,
        preset=voice.preset.digest,
        ears=ears.digest,
    )


def build_reader(spec: CampaignSpec, voice: CampaignVoice) -> MessageReader:
    """Return what reads the messages of a campaign, as the voice will.

    Raises:
        ConfigError: a word of the lexicon cannot be; names all of them.
    """
    front_end = campaign_front_end(voice.utterance.voice.folder, spec.lexicon)
    return MessageReader(front_end, cut=voice.preset.cut, lexicon=spec.lexicon)


def campaign_front_end(folder: Path, lexicon: Mapping[str, str]) -> FrontEnd:
    """Open the front end of a voice package, with a campaign's words above its own.

    Raises:
        ConfigError: a word or its reading cannot be; names all of them.
    """
    card = read_voice_card(folder)
    if not lexicon:
        return packaged_reader(folder, card).front_end
    own = card_lexicons(folder, card)
    primary, *others = card.spoken_languages
    text = own[primary].read_text(encoding="utf-8-sig") if primary in own else ""
    for word, reading in sorted(lexicon.items()):
        text = with_term(text, primary, word, reading)
    with tempfile.TemporaryDirectory() as scratch:
        merged = Path(scratch) / "lexicon of the campaign.tsv"
        merged.write_text(text, encoding="utf-8")
        return open_front_end(
            primary,
            symbols=symbol_table(card.symbols),
            lexicons={**own, primary: merged},
            languages=others,
        )


def embed_reference(
    checkout: Checkout, voice: CampaignVoice, ears: Ears, speak: Callable[[str], SpokenSentence]
) -> Reference:
    """Return (D,) of unit length: whom the sentences should sound like.

    Of a profile it is the recording that it was enrolled with. A voice package keeps none of its
    speaker's recordings; what it was released for is how it speaks itself, so there it is the mean
    of some of its sentences.
    """
    if voice.profile is not None:
        folder = checkout.workspace.speakers_dir
        waves = [from_pcm16(read_reference(folder, voice.profile.inputs.reference_sha256))]
    else:
        waves = [hear_wave(speak(one.text)) for one in read_material()[:_OWN_SENTENCES]]
    mean = np.mean(ears.speaker.embed(waves), axis=0)
    reference: Reference = (mean / np.linalg.norm(mean)).astype(np.float32)
    return reference


def machine_kind() -> str:
    """Name the kind of processor by what decides the last bits of float arithmetic."""
    flags: dict[str, Any] = {"machine": platform.machine(), "model": _model_name()}
    return digest_json(flags)[:12]


def _model_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _stand_in(spec: CampaignSpec, voice: CampaignVoice, front_end: FrontEnd) -> Piece | None:
    """Return what is said in place of a bad sentence.

    Raises:
        ConfigError: it is more than one sentence, so that others would change their places.
    """
    if spec.fallback is None:
        return None
    reader = MessageReader(front_end, cut=voice.preset.cut, lexicon=spec.lexicon)
    pieces = reader.pieces([FilledSentence(parts=(spec.fallback,))])
    if len(pieces) != 1:
        raise ConfigError("fallback", [f"expected one sentence, got {len(pieces)}"])
    return pieces[0]


def _load(spec: CampaignSpec, folder: Path, *, threads: int, precision: Any, root: Path) -> Any:
    voice = load_served_voice(folder, threads=threads, precision=precision, root=root)
    if not spec.lexicon:
        return voice
    return replace(voice, reader=TextReader(campaign_front_end(folder, spec.lexicon)))
