from dataclasses import replace

import pytest
import torch

from models.gpt_sovits.presets import MINI_AR
from models.gpt_sovits.s1.sampling import SamplingOptions
from models.gpt_sovits.s1.speaking_transformer import prepare_to_speak
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic
from models.gpt_sovits.s1.token_model import Generated, Prompted
from tests.models.gpt_sovits import golden

SIZES = replace(
    MINI_AR.text_to_semantic, phones=50, codes=40, width=64, heads=4, layers=3, feed_forward=128
)
GREEDY = SamplingOptions(top_k=1, repetition_penalty=1.0)


def build(precision: str | None = None) -> TextToSemantic:
    model = TextToSemantic(SIZES).eval()
    golden.fill(model)
    if precision:
        prepare_to_speak(model, precision)  # type: ignore[arg-type]
    return model


def items() -> list[Prompted]:
    numbers = torch.Generator().manual_seed(2)
    return [
        Prompted(
            phones=torch.randint(0, 50, (phones,), generator=numbers),
            prompt_phones=torch.randint(0, 50, (6,), generator=numbers),
            prompt=torch.randint(0, 40, (prompt,), generator=numbers),
        )
        for phones, prompt in [(7, 5), (12, 0), (3, 9), (8, 5), (5, 2)]
    ]


def generators() -> list[torch.Generator]:
    return [torch.Generator().manual_seed(place) for place in range(5)]


def speak(model: TextToSemantic, options: SamplingOptions | None = None) -> list[Generated]:
    return model.generate(
        items(), generators=generators(), options=options, min_tokens=30, max_tokens=30
    )


@pytest.mark.parametrize("options", [GREEDY, SamplingOptions()], ids=["greedy", "drawn"])
def test_float32_draws_the_same_tokens_in_a_batch_and_alone(options):
    expected = speak(build(), options)
    model = build("float32")
    for one, same in zip(speak(model, options), expected, strict=True):
        assert torch.equal(one.tokens, same.tokens)
    for place, item in enumerate(items()):
        [alone] = model.generate(
            [item],
            generators=[generators()[place]],
            options=options,
            min_tokens=30,
            max_tokens=30,
        )
        assert torch.equal(alone.tokens, expected[place].tokens)


@pytest.mark.parametrize(("precision", "agreement"), [("bfloat16", 0.9), ("int8", 0.8)])
def test_lower_precision_agrees_on_the_next_token(precision, agreement):
    """Each step sees the true history, so that one difference does not count for all after it."""
    exact, rough = build(), build(precision)
    agreed = []
    for item in items():
        [spoken] = exact.generate(
            [item],
            generators=[torch.Generator()],
            options=GREEDY,
            min_tokens=20,
            max_tokens=20,
        )
        for step, token in enumerate(spoken.tokens):
            history = replace(item, prompt=torch.cat([item.prompt, spoken.tokens[:step]]))
            [following] = rough.generate(
                [history],
                generators=[torch.Generator()],
                options=GREEDY,
                min_tokens=1,
                max_tokens=1,
            )
            agreed.append(bool(following.tokens[0] == token))
    assert len(agreed) == 100
    assert sum(agreed) / len(agreed) >= agreement


def test_streamed_tokens_are_those_of_generate():
    model, item = build("float32"), items()[0]
    [whole] = model.generate([item], generators=generators()[:1], max_tokens=40)
    pieces = list(model.stream(item, generator=generators()[0], max_tokens=40, chunk_tokens=7))
    assert [len(piece.tokens) for piece in pieces[:-1]] == [7] * (len(pieces) - 1)
    assert len(pieces) == -(-len(whole.tokens) // 7)
    assert torch.equal(torch.cat([piece.tokens for piece in pieces]), whole.tokens)
    assert pieces[-1].stopped_by_limit == whole.stopped_by_limit
    assert not any(piece.stopped_by_limit for piece in pieces[:-1])


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
def test_what_earlier_requests_left_behind_does_not_matter(precision):
    model, item = build(precision), items()[0]

    def alone() -> torch.Tensor:
        [spoken] = model.generate([item], generators=generators()[:1], max_tokens=40)
        return spoken.tokens

    before = alone()
    speak(model)
    assert torch.equal(alone(), before)
