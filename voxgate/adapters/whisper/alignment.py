"""Force a given text onto encoded audio: token probabilities and word times.

The text is fed to the decoder as if it had been decoded (teacher forcing). The probabilities say
whether the audio says it; the cross-attention of the model's alignment heads, followed through time
by dynamic time warping, says where. The method is that of openai-whisper's word timestamps, here
over a batch and over an encoder pass that already exists. N is a batch size, L counts tokens, S
encoder positions (50 a second), V is the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor
from whisper.model import disable_sdpa
from whisper.timing import dtw_cpu, median_filter
from whisper.tokenizer import Tokenizer

from voxgate.adapters.whisper.encoding import POSITIONS_PER_S
from voxgate.adapters.whisper.memory import Memory
from voxgate.adapters.whisper.model import LoadedWhisper
from voxgate.text.spaceless import has_spaceless, split_words
from voxgate.types import HEARING_RATE_HZ, Alignment, WordTiming

__all__ = ["align_texts"]

_SMOOTHING = 7  # positions, an odd number: openai-whisper's median filter


def align_texts(
    whisper: LoadedWhisper,
    tokenizer: Tokenizer,
    memory: Memory,
    texts: Sequence[str | None],
    lengths: Sequence[int],
) -> list[Alignment | None]:
    """Align each text with its row of `memory`.

    Args:
        whisper: the model that encoded the audio.
        tokenizer: the language of the texts.
        memory: the encoded audio.
        texts: one a row; None and texts without a token, or with more than fit into the decoder,
            have no alignment.
        lengths: samples of each wave at 16 kHz, so that padding is not searched.
    """
    prompt = list(tokenizer.sot_sequence_including_notimestamps)
    room = whisper.network.dims.n_text_ctx - len(prompt) - 1
    words = [_spelled(tokenizer, text or "") for text in texts]
    rows = [n for n, spelled in enumerate(words) if 0 < sum(len(t) for _, t in spelled) <= room]
    results: list[Alignment | None] = [None] * len(texts)
    if not rows:
        return results
    spoken = [[token for _, tokens in words[n] for token in tokens] for n in rows]
    batch = _padded([[*prompt, *tokens, tokenizer.eot] for tokens in spoken], tokenizer.eot)
    heard = memory.of_rows(rows)
    batch = batch.to(heard.encoded.device)
    with _watch_attention(whisper) as attention, disable_sdpa():
        logits = whisper.network.decoder(
            batch, heard.encoded, kv_cache=heard.as_cache()
        )  # (N, L, V)
    begin = len(prompt) - 1  # the step that predicts the first token of the text
    for row, (n, tokens) in enumerate(zip(rows, spoken, strict=True)):
        steps = logits[row, begin : begin + len(tokens), : tokenizer.eot].log_softmax(dim=-1)
        log_probabilities = steps[range(len(tokens)), tokens].tolist()
        end = max(1, -(-lengths[n] * POSITIONS_PER_S // HEARING_RATE_HZ))
        heads = [attention[layer][row, head].cpu() for layer, head in whisper.alignment_heads]
        scores = torch.stack(heads)[:, begin : begin + len(tokens) + 1, :end]
        counts = [(word, len(parts)) for word, parts in words[n]]
        results[n] = Alignment(
            words=_word_timings(counts, log_probabilities, scores),
            mean_log_probability=float(np.mean(log_probabilities)),
        )
    return results


def _spelled(tokenizer: Tokenizer, text: str) -> list[tuple[str, list[int]]]:
    """Split at white space and spell each word as the model does, with one space before it.

    Without spaces between words, the model's tokens are the words; marks go with the one before.
    """
    if not has_spaceless(text):
        return [(word, tokenizer.encode(f" {word}")) for word in text.split()]
    written, tokens = tokenizer.split_tokens_on_unicode(tokenizer.encode(" ".join(text.split())))
    words: list[tuple[str, list[int]]] = []
    for part, spelled in zip(written, tokens, strict=True):
        is_mark = not any(map(str.isalnum, part))
        if words and (is_mark or len(split_words(words[-1][0] + part)) == 1):
            word, before = words[-1]
            words[-1] = (word + part, [*before, *spelled])
        else:
            words.append((part, list(spelled)))
    return [(word.strip(), spelled) for word, spelled in words]


def _padded(sequences: list[list[int]], padding: int) -> Tensor:
    """Stack sequences into (N, L); the decoder is causal, so padding at the end changes nothing."""
    batch = torch.full((len(sequences), max(map(len, sequences))), padding)
    for row, sequence in enumerate(sequences):
        batch[row, : len(sequence)] = torch.tensor(sequence)
    return batch


@contextmanager
def _watch_attention(whisper: LoadedWhisper) -> Iterator[dict[int, Tensor]]:
    """Collect the cross-attention scores (N, heads, L, S) of each decoder layer."""
    scores: dict[int, Tensor] = {}

    def watch(layer: int) -> object:
        def keep(_module: object, _inputs: object, outputs: tuple[Tensor, Tensor]) -> None:
            scores[layer] = outputs[1]

        return whisper.network.decoder.blocks[layer].cross_attn.register_forward_hook(keep)

    hooks = [watch(layer) for layer in sorted({layer for layer, _ in whisper.alignment_heads})]
    try:
        yield scores
    finally:
        for hook in hooks:
            hook.remove()  # type: ignore[attr-defined]  # torch's handle type is private


def _word_timings(
    words: Sequence[tuple[str, int]], log_probabilities: list[float], heads: Tensor
) -> tuple[WordTiming, ...]:
    """Cut the path through `heads` (H, L + 1, S) at the boundaries of `words` (text, tokens).

    Row k of the scores belongs to the step that predicts token k; the last row predicts the end.
    """
    starts_s = _start_times(heads)
    timings = []
    begin = 0
    for word, count in words:
        end = begin + count
        timings.append(
            WordTiming(
                word=word,
                start_s=float(starts_s[begin]),
                end_s=float(starts_s[end]),
                probability=float(np.exp(log_probabilities[begin:end]).mean()),
            )
        )
        begin = end
    return tuple(timings)


def _start_times(heads: Tensor) -> np.ndarray:
    """Return when each of the L + 1 steps begins, in seconds."""
    weights = heads.softmax(dim=-1)
    deviation, mean = torch.std_mean(weights, dim=-2, keepdim=True, unbiased=False)
    weights = (weights - mean) / deviation.clamp_min(1e-8)
    cost = -median_filter(weights, _SMOOTHING).mean(dim=0)  # (L + 1, S)
    threads = torch.get_num_threads()
    steps, positions = dtw_cpu(cost.double().numpy())
    torch.set_num_threads(threads)  # numba's pool, as it starts, sets the number for everybody
    jumps = np.pad(np.diff(steps), (1, 0), constant_values=1).astype(bool)
    times: np.ndarray = positions[jumps] / POSITIONS_PER_S
    return times
