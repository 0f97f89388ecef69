"""What a voice says: text → phones → tokens (S1) → wave (S2).

    from voxgate.speaking import ReferenceClip, SpeakingOptions, load_voice

This is the public face; docs/speaking.md shows its use. Inside, from the bottom to the top:

    reference  options           whom to sound like, and how to speak
    manner                       a voice that keeps to one set of options
    reading  characters  sentence  text → phones, and what Chinese text means
    token_sampling  decoding     phones → tokens, tokens → wave
    streaming                    a sentence while its tokens are still being made
    voice                        the chain of them
    loading                      from a package to a voice
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxgate.speaking.loading import load_voice
    from voxgate.speaking.options import SpeakingOptions
    from voxgate.speaking.reference import PreparedReference, ReferenceClip
    from voxgate.speaking.voice import GptSovitsVoice
else:
    _HOMES = {
        "GptSovitsVoice": "voice",
        "PreparedReference": "reference",
        "ReferenceClip": "reference",
        "SpeakingOptions": "options",
        "load_voice": "loading",
    }

    def __getattr__(name: str) -> object:
        """Import a public name when it is asked for: who reads texts or presets needs no torch."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = [
    "GptSovitsVoice",
    "PreparedReference",
    "ReferenceClip",
    "SpeakingOptions",
    "load_voice",
]
