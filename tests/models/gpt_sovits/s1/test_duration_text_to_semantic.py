from dataclasses import replace

import pytest
import torch

from models.gpt_sovits.presets import MINI, DurationPreset
from models.gpt_sovits.s1.duration_text_to_semantic import DurationBatch, DurationTextToSemantic
from models.gpt_sovits.s1.token_model import Prompted

assert isinstance(MINI.text_to_semantic, DurationPreset)
SIZES = replace(
    MINI.text_to_semantic, phones=20, codes=12, width=32, feed_forward=64, boundary=19,
    text_layers=1, frame_layers=1, emission_width=16,
)  # fmt: skip


def build() -> DurationTextToSemantic:
    torch.manual_seed(0)
    return DurationTextToSemantic(SIZES)


def language(items: int = 4) -> DurationBatch:
    """Phone p is spoken as p % 3 + 1 tokens of code p % 10, between boundaries of code 11."""
    random = torch.Generator().manual_seed(1)
    phones = torch.randint(0, 10, (items, 6), generator=random)
    rows = [[11, *(p % 10 for p in row for _ in range(p % 3 + 1)), 11] for row in phones.tolist()]
    lengths = torch.tensor([len(row) for row in rows])
    codes = torch.zeros(items, int(lengths.max()), dtype=torch.long)
    for index, row in enumerate(rows):
        codes[index, : len(row)] = torch.tensor(row)
    return DurationBatch(
        phones=phones,
        phone_lengths=torch.full((items,), 6),
        codes=codes,
        code_lengths=lengths,
        prompt=codes,
        prompt_lengths=lengths,
        prompt_phones=torch.full((items,), 6),
    )


@pytest.fixture(scope="module")
def trained() -> DurationTextToSemantic:
    model, batch = build(), language(16)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(150):
        optimiser.zero_grad()
        model(batch)["total"].backward()
        optimiser.step()
    return model.eval()


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def prompted(phones: torch.Tensor, batch: DurationBatch) -> Prompted:
    prompt = batch.codes[0, : batch.code_lengths[0]]
    return Prompted(phones=phones, prompt=prompt, prompt_phones=batch.phones[0])


def test_it_learns_which_phone_each_frame_belongs_to(trained: DurationTextToSemantic) -> None:
    batch = language(16)
    alignment = trained.align(batch.phones, batch.phone_lengths, batch.codes, batch.code_lengths)
    right = []
    for row in range(16):
        real = slice(0, 2 * int(batch.code_lengths[row]))
        spoken = batch.phones[row, alignment[row, real]]
        codes = batch.codes[row].repeat_interleave(2)[real]
        inside = codes != 11
        right.append(spoken[inside] == codes[inside])
    assert torch.cat(right).float().mean() > 0.9


def test_it_speaks_the_phones_in_order(trained: DurationTextToSemantic) -> None:
    batch = language(16)
    (said,) = trained.generate([prompted(batch.phones[0], batch)], generators=[seeded()])
    heard = torch.unique_consecutive(said.tokens[said.tokens < 10])
    assert heard.tolist() == torch.unique_consecutive(batch.phones[0]).tolist()
    assert said.alignment is not None
    assert len(said.alignment) == 2 * len(said.tokens)
    assert (said.alignment.diff() >= 0).all()
    assert said.alignment[0] == 0
    assert said.alignment[-1] == 5


def test_an_item_gets_what_it_gets_alone(trained: DurationTextToSemantic) -> None:
    batch = language()
    items = [prompted(batch.phones[1, :n], batch) for n in (6, 3)]
    together = trained.generate(items, generators=[seeded(4), seeded(5)])
    for item, seed, said in zip(items, (4, 5), together, strict=True):
        (alone,) = trained.generate([item], generators=[seeded(seed)])
        assert torch.equal(alone.tokens, said.tokens)


def test_length_bounds_hold_and_are_reported(trained: DurationTextToSemantic) -> None:
    batch = language()
    item = prompted(batch.phones[0], batch)
    (short,) = trained.generate([item], generators=[seeded()], max_tokens=4)
    assert len(short.tokens) == 4
    assert short.stopped_by_limit
    (long,) = trained.generate([item], generators=[seeded()], min_tokens=40)
    assert len(long.tokens) == 40
    assert not long.stopped_by_limit


def test_an_empty_prompt_is_allowed(trained: DurationTextToSemantic) -> None:
    item = Prompted(phones=torch.tensor([1, 2, 3]), prompt=torch.zeros(0, dtype=torch.long))
    (said,) = trained.generate([item], generators=[seeded()])
    assert len(said.tokens)


def test_no_phones_are_refused() -> None:
    item = Prompted(phones=torch.zeros(0, dtype=torch.long), prompt=torch.tensor([1]))
    with pytest.raises(ValueError, match="item 0 has no phones"):
        build().generate([item], generators=[seeded()])


def test_padding_changes_no_loss() -> None:
    model, batch = build().eval(), language(1)
    padded = replace(
        batch,
        phones=torch.nn.functional.pad(batch.phones, (0, 3), value=7),
        codes=torch.nn.functional.pad(batch.codes, (0, 4), value=3),
        prompt=torch.nn.functional.pad(batch.prompt, (0, 2), value=5),
    )
    plain, longer = model(batch), model(padded)
    for name in plain:
        assert torch.allclose(plain[name], longer[name], atol=1e-5), name
