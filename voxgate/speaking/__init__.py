"""What a voice says: text → phones → tokens (S1) → wave (S2).

    from voxgate.speaking import ReferenceClip, SpeakingOptions, load_voice

This is the public face; docs/speaking.md shows its use. Inside, from the bottom to the top:

    reference  options           whom to sound like, and how to speak
    manner                       a voice that keeps to one set of options
    reading  sentence            text → phones
    token_sampling  decoding     phones → tokens, tokens → wave
    streaming                    a sentence while its tokens are still being made
    voice                        the chain of them
    loading                      from a package to a voice
"""

from voxgate.speaking.loading import load_voice
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.reference import PreparedReference, ReferenceClip
from voxgate.speaking.voice import GptSovitsVoice

__all__ = [
    "GptSovitsVoice",
    "PreparedReference",
    "ReferenceClip",
    "SpeakingOptions",
    "load_voice",
]
