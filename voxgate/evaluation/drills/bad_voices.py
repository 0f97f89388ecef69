"""The table of all bad voices: a gate that lets one of them pass protects nobody."""

from __future__ import annotations

from voxgate.evaluation.drills.damage import level, noise, pitch, splices, timbre, timing, words
from voxgate.evaluation.drills.faults import Fault
from voxgate.evaluation.drills.making import damaged, foreign, leaking, misread, mixed_up, spliced

__all__ = ["FAULTS"]


def _codes(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def _versus_champion(*what: str) -> frozenset[str]:
    return frozenset(f"{one}_versus_champion" for one in what)


_SPEAKERS = (
    Fault(
        name="wrong speaker",
        what="the base voice reads the prompts with another speaker's reference",
        build=lambda sources: sources.stranger,
        expected=_codes("similarity_floor", "similarity_versus_champion"),
    ),
    Fault(
        name="stranger in the middle",
        what="another speaker reads the middle third of the sentence",
        build=spliced(splices.replace_middle),
        any_of=_versus_champion("similarity_low", "similarity", "sound_outliers"),
    ),
    Fault(
        name="stranger at the end",
        what="another speaker reads the sentence once more after it",
        build=spliced(splices.append),
        expected=_codes("wer_versus_champion"),
    ),
    Fault(
        name="wrong language",
        what="Spanish recordings of about the right length",
        build=foreign,
        expected=_codes("wer_floor", "catastrophe_floor"),
    ),
    Fault(
        name="pitch shift",
        what="two semitones up, as long as before",
        build=damaged(pitch.shift_pitch),
        expected=_codes("similarity_versus_champion"),
    ),
    Fault(
        name="monotone",
        what="all on one note, as long as before",
        build=damaged(pitch.flatten_pitch),
        any_of=_versus_champion("pitch_range"),
    ),
    Fault(
        name="wrong sample rate",
        what="44.1 kHz played as 48 kHz: 9 % faster and higher",
        build=damaged(pitch.mistake_rate),
        any_of=_versus_champion("similarity", "similarity_low", "pace"),
    ),
)

_WORDS = (
    Fault(
        name="dropped words",
        what="every fifth word is left out",
        build=misread(words.drop_words),
        expected=_codes("wer_versus_champion"),
    ),
    Fault(
        name="repeated words",
        what="every fifth word is said twice",
        build=misread(words.repeat_words),
        expected=_codes("wer_versus_champion"),
    ),
    Fault(
        name="dropped numbers",
        what="numbers and negations are left out",
        build=misread(words.drop_numbers_and_negations),
        any_of=_versus_champion("critical", "wer"),
    ),
    Fault(
        name="swapped words",
        what="two neighbouring words are exchanged",
        build=misread(words.swap_words),
        expected=_codes("wer_versus_champion"),
    ),
    Fault(
        name="mixed-up prompts",
        what="every prompt gets the samples of another one",
        build=mixed_up,
        expected=_codes("wer_floor", "wer_versus_champion"),
    ),
    Fault(
        name="leaked reference",
        what="four words of the reference's text come first",
        build=leaking,
        expected=_codes("wer_versus_champion"),
    ),
    Fault(
        name="truncation",
        what="the last 40 % are cut off",
        build=damaged(timing.truncate),
        expected=_codes("wer_versus_champion"),
    ),
    Fault(
        name="silence",
        what="silence of the right length",
        build=damaged(timing.silence),
        expected=_codes("wer_floor", "catastrophe_floor", "similarity_floor"),
    ),
)

_NOISES = (
    Fault(
        name="noise",
        what="white noise, 10 dB below the speech",
        build=damaged(noise.add_noise),
        expected=_codes("similarity_versus_champion"),
    ),
    Fault(
        name="noise before",
        what="2 s of noise before the sentence, 3 dB below the speech",
        build=damaged(noise.noise_before),
        any_of=_versus_champion("head", "outside", "background", "quality_noise", "quality"),
    ),
    Fault(
        name="noise after",
        what="2 s of noise after the sentence, 3 dB below the speech",
        build=damaged(noise.noise_after),
        any_of=_versus_champion("tail", "outside", "background", "quality_noise", "quality"),
    ),
    Fault(
        name="noise after, sometimes",
        what="the same, in one sample of three",
        build=damaged(noise.noise_after, sometimes=True),
        any_of=_versus_champion(
            "tail", "outside", "background", "quality_noise", "quality", "sound_outliers"
        ),
    ),
    Fault(
        name="noise between",
        what="noise in the pauses, and in three gaps of 200 ms where pauses are few",
        build=damaged(noise.noise_between),
        any_of=_versus_champion("outside", "background", "pause", "quality_noise", "quality"),
    ),
    Fault(
        name="hum",
        what="50 Hz and its harmonics, 25 dB below the speech",
        build=damaged(noise.add_hum),
        any_of=_versus_champion("outside", "background", "quality_noise", "quality"),
    ),
    Fault(
        name="clicks",
        what="ten clicks a second",
        build=damaged(noise.add_clicks),
        any_of=_versus_champion("clicks", "quality_noise", "quality"),
    ),
    Fault(
        name="lost packets",
        what="five pieces of 20 ms in every second are silent",
        build=damaged(timing.drop_packets),
        any_of=_versus_champion("clicks", "quality_noise", "quality"),
    ),
)

_TIMING = (
    Fault(
        name="late start",
        what="2 s of silence before the sentence",
        build=damaged(timing.start_late),
        any_of=_versus_champion("head"),
    ),
    Fault(
        name="late end",
        what="3 s of silence after the sentence",
        build=damaged(timing.linger),
        any_of=_versus_champion("tail"),
    ),
    Fault(
        name="gaps",
        what="two silences of 1 s inside the sentence",
        build=damaged(timing.insert_gaps),
        any_of=_versus_champion("pause"),
    ),
    Fault(
        name="speed-up",
        what="1.5 times as fast, at the same pitch",
        build=lambda sources: sources.hurried,
        expected=_codes("similarity_versus_champion"),
    ),
    Fault(
        name="faster",
        what="1.2 times as fast, at the same pitch",
        build=damaged(timing.hurry),
        any_of=_versus_champion("pace"),
    ),
    Fault(
        name="slower",
        what="0.7 times as fast, at the same pitch",
        build=damaged(timing.slow_down),
        any_of=_versus_champion("pace"),
    ),
    Fault(
        name="drifting tempo",
        what="from 0.75 to 1.5 times as fast, at the same pitch",
        build=damaged(timing.drift_tempo),
        any_of=_versus_champion("pace", "quality", "similarity_low", "sound_outliers", "wer"),
    ),
    Fault(
        name="stutter",
        what="150 ms in the middle are said three times more",
        build=damaged(timing.stutter),
        any_of=_versus_champion("wer", "critical", "pace", "quality", "sound_outliers"),
    ),
    Fault(
        name="repeated end",
        what="the last second is said twice",
        build=damaged(timing.repeat_end),
        any_of=_versus_champion("wer", "critical", "tail", "outside"),
    ),
    Fault(
        name="reversed part",
        what="300 ms in the middle are played backwards",
        build=damaged(timing.reverse_part),
        any_of=_versus_champion("wer", "critical", "quality", "similarity_low", "similarity"),
    ),
)

_SOUND = (
    Fault(
        name="too quiet",
        what="20 dB quieter",
        build=damaged(level.quieten),
        any_of=_versus_champion("level"),
    ),
    Fault(
        name="too loud",
        what="18 dB louder, and clipped",
        build=damaged(level.overdrive),
        any_of=_versus_champion("level", "clipping"),
    ),
    Fault(
        name="jumping level",
        what="every second stretch of 0.7 s is 12 dB quieter",
        build=damaged(level.jump_level),
        any_of=_versus_champion(
            "level", "quality", "similarity_low", "similarity", "sound_outliers"
        ),
    ),
    Fault(
        name="fading",
        what="30 dB quieter towards the end",
        build=damaged(level.fade_out),
        any_of=_versus_champion(
            "level", "quality", "similarity_low", "similarity", "sound_outliers", "wer"
        ),
    ),
    Fault(
        name="offset",
        what="a constant of a twentieth of full scale",
        build=damaged(level.add_offset),
        any_of=_versus_champion("dc_offset"),
    ),
    Fault(
        name="band-limited",
        what="nothing above 3.4 kHz",
        build=damaged(timbre.limit_band),
        any_of=_versus_champion("bandwidth"),
    ),
    Fault(
        name="reverberation",
        what="a room of 0.6 s, as strong as the direct sound",
        build=damaged(timbre.reverberate),
        any_of=_versus_champion("quality", "quality_noise", "outside", "background", "tail"),
    ),
    Fault(
        name="echo",
        what="the sentence again after 180 ms, 6 dB quieter, and once more",
        build=damaged(timbre.add_echo),
        any_of=_versus_champion("quality", "quality_noise", "outside", "background", "tail"),
    ),
    Fault(
        name="coarse coding",
        what="mu-law samples of 32 steps",
        build=damaged(timbre.quantise_coarsely),
        any_of=_versus_champion(
            "quality", "quality_noise", "clipping", "background", "outside", "similarity"
        ),
    ),
)

FAULTS = (*_SPEAKERS, *_WORDS, *_NOISES, *_TIMING, *_SOUND)
"""In the order of reports: who speaks, what is said, what is heard beside it, when, and how."""
