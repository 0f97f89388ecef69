"""Build what bad voices are made of from the checkout, the base and a package of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voxgate.errors import AssetError, ConfigError
from voxgate.evaluation.drills.sources import HURRY, Sources
from voxgate.evaluation.drills.voices import Remembering
from voxgate.evaluation.known_clips import KnownClip
from voxgate.files import digest_json
from voxgate.params import Params
from voxgate.settings import Settings
from voxgate.speaking import ReferenceClip, SpeakingOptions, load_voice
from voxgate.speaking.manner import MannerVoice
from voxgate.temporaries import scratch_directory
from voxgate.training.networks import base_digest
from voxgate.training.new_voice import write_unadapted
from voxgate.training.preset_choice import choose_preset
from voxgate.types import HEARING_RATE_HZ
from voxgate.voice.card import read_voice_card
from voxgate.voice.replay import ReplayVoice
from voxgate.wiring.text_features import packaged_text_features

__all__ = ["build_sources"]

_MIN_REFERENCE_S = 3.0


def build_sources(
    package: Path,
    *,
    replay: ReplayVoice,
    strangers: Sequence[KnownClip],
    features_dir: Path,
    base_dir: Path,
    params: Params,
    settings: Settings,
) -> Sources:
    """Return what the bad voices of `package` are made of.

    The stranger is the base, before it was adapted, with another speaker's clip as its reference:
    the adapted voice would still sound like its own speaker.

    Args:
        package: the voice package under drill.
        replay: plays what it said when it was judged.
        strangers: clips of other speakers, from the least to the most like the speaker; the one
            in the middle that is long enough for a reference is taken.
        features_dir: build/featurize, of which the base takes the speaker's reference.
        base_dir: folder of the weights that ship.
        params: names the base, the tokenizer, and the number of threads.
        settings: where assets are.

    Raises:
        ConfigError: params.yaml names no base checkpoint.
        AssetError: weights, the foreign recordings or a stranger are absent.
    """
    from voxgate.adapters.corpora.foreign_speech import ASTERISK_SPANISH, load_spanish
    from voxgate.wiring.featurizers import build_speech_tokenizer

    if params.train.base is None:
        raise ConfigError("params.yaml", ["train.base: a drill needs a base checkpoint"])
    fitting = [clip for clip in strangers if len(clip.wave) >= _MIN_REFERENCE_S * HEARING_RATE_HZ]
    if not fitting:
        raise AssetError(
            f"no known clip of another speaker lasts {_MIN_REFERENCE_S} s or more, which a "
            "reference needs; restore benchmark/speakers"
        )
    stranger = fitting[len(fitting) // 2]
    threads = params.evaluate.threads
    bert = packaged_text_features(package)
    voice = load_voice(package, threads=threads, text_features=bert)
    tokenizer = build_speech_tokenizer(params.featurize, settings, base_dir=base_dir)
    with scratch_directory() as folder:
        write_unadapted(
            folder / "base",
            features_dir,
            preset=choose_preset(params.train.preset),
            params=params,
            base_dir=base_dir,
        )
        plain = load_voice(
            folder / "base", threads=threads, tokenizer=tokenizer, text_features=bert
        )
    clip = ReferenceClip(wave=stranger.wave, sample_rate_hz=HEARING_RATE_HZ, text=stranger.text)
    return Sources(
        voice=voice,
        replay=replay,
        hurried=MannerVoice(voice, SpeakingOptions(speed=HURRY)),
        stranger=Remembering(
            MannerVoice(plain, SpeakingOptions(reference=plain.prepare_reference(clip)))
        ),
        foreign=load_spanish(settings.assets_dir / "debian"),
        reference_text=read_voice_card(package).reference.text,
        digest=digest_json(
            {
                "base": base_digest(params.train.base),
                "stranger": stranger.sha256,
                "foreign": ASTERISK_SPANISH.sha256,
            }
        ),
    )
