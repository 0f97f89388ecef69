from dataclasses import replace

import pytest
import torch

from models.gpt_sovits.presets import MINI_AR
from models.gpt_sovits.s1.key_value_cache import KeyValueCache
from models.gpt_sovits.s1.sampling import SamplingOptions
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic, TextToSemanticBatch, token_loss
from models.gpt_sovits.s1.token_model import Prompted

SIZES = replace(
    MINI_AR.text_to_semantic, phones=50, codes=20, width=32, heads=2, layers=2, feed_forward=64
)


def build(*, legacy_padding: bool = False) -> TextToSemantic:
    torch.manual_seed(0)
    return TextToSemantic(SIZES, legacy_padding=legacy_padding).eval()


def items(*rows: tuple[int, int]) -> TextToSemanticBatch:
    """Items of so many phones and codes each, right-padded."""
    generator = torch.Generator().manual_seed(1)
    phones, codes = (max(column) for column in zip(*rows, strict=True))
    return TextToSemanticBatch(
        phones=torch.randint(0, SIZES.phones, (len(rows), phones), generator=generator),
        phone_lengths=torch.tensor([row[0] for row in rows]),
        codes=torch.randint(0, SIZES.codes, (len(rows), codes), generator=generator),
        code_lengths=torch.tensor([row[1] for row in rows]),
    )


def prompted(phones: int, prompt: int, seed: int = 2) -> Prompted:
    generator = torch.Generator().manual_seed(seed)
    return Prompted(
        phones=torch.randint(0, SIZES.phones, (phones,), generator=generator),
        prompt=torch.randint(0, SIZES.codes, (prompt,), generator=generator),
    )


def seeds(*values: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(value) for value in values]


def test_a_token_is_predicted_from_earlier_ones_only() -> None:
    model, batch = build(), items((5, 8))
    before, _ = model(batch)
    changed = batch.codes.clone()
    changed[0, 4] = (changed[0, 4] + 1) % SIZES.codes
    after, _ = model(replace(batch, codes=changed))
    torch.testing.assert_close(after[:, :5], before[:, :5])
    assert (after[:, 5:] - before[:, 5:]).abs().amax(-1).min() > 1e-5


def test_every_phone_is_read_in_a_batch_of_unequal_lengths() -> None:
    model, batch = build(), items((9, 6), (5, 6))
    before, _ = model(batch)
    for place in range(9):
        changed = batch.phones.clone()
        changed[1, place] = (changed[1, place] + 1) % SIZES.phones
        after, _ = model(replace(batch, phones=changed))
        moved = float((after[1] - before[1]).detach().abs().max())
        assert (moved > 1e-5) == (place < 5), place


def test_the_public_padding_hides_the_first_phones_and_reads_the_padding() -> None:
    model, batch = build(legacy_padding=True), items((9, 6), (5, 6))
    before, _ = model(batch)
    for place, read in ((0, False), (3, False), (4, True), (8, True)):
        changed = batch.phones.clone()
        changed[1, place] = (changed[1, place] + 1) % SIZES.phones
        after, _ = model(replace(batch, phones=changed))
        assert (float((after[1] - before[1]).detach().abs().max()) > 1e-5) == read, place


def test_a_row_is_the_same_alone_and_in_a_batch() -> None:
    model, batch = build(), items((9, 12), (5, 7))
    together, _ = model(batch)
    alone, _ = model(
        TextToSemanticBatch(
            phones=batch.phones[1:, :5],
            phone_lengths=batch.phone_lengths[1:],
            codes=batch.codes[1:, :7],
            code_lengths=batch.code_lengths[1:],
        )
    )
    torch.testing.assert_close(together[1:, :8], alone, rtol=1e-4, atol=1e-5)


def test_targets_are_the_codes_and_then_the_end_token() -> None:
    _, targets = build()(batch := items((4, 6), (4, 3)))
    assert targets[0].tolist() == [*batch.codes[0].tolist(), 20]
    assert targets[1].tolist() == [*batch.codes[1, :3].tolist(), 20, 20, 20, 20]


def test_the_mean_loss_ignores_padding() -> None:
    model, batch = build(), items((5, 9), (5, 4))
    logits, targets = model(batch)
    mean = token_loss(logits, targets, batch.code_lengths)["total"]
    logits[1, 5:] += 100 * torch.randn_like(logits[1, 5:])
    again = token_loss(logits, targets, batch.code_lengths)["total"]
    torch.testing.assert_close(again, mean)
    summed = token_loss(logits, targets, batch.code_lengths, summed=True)["total"]
    assert summed > again * 20


def test_one_batch_can_be_learned() -> None:
    model, batch = build().train(), items((6, 10), (8, 7))
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(60):
        logits, targets = model(batch)
        terms = token_loss(logits, targets, batch.code_lengths)
        optimiser.zero_grad()
        terms["total"].backward()
        optimiser.step()
    assert float(terms["total"].detach()) < 0.5
    assert float(terms["top3"]) > 0.95
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name


def test_the_cache_changes_nothing_but_the_work() -> None:
    model, item = build(), prompted(6, 3)
    (said,) = model.generate(
        [item], generators=seeds(7), options=SamplingOptions(top_k=1), max_tokens=15
    )
    codes = torch.cat([item.prompt, said.tokens])[None]
    logits, _ = model(
        TextToSemanticBatch(
            phones=item.phones[None],
            phone_lengths=torch.tensor([6]),
            codes=codes,
            code_lengths=torch.tensor([codes.shape[1]]),
        )
    )
    likeliest = logits[0, 3:-1, :20]
    seen = torch.zeros(len(said.tokens), 20, dtype=torch.bool)
    for step in range(len(said.tokens)):
        seen[step, codes[0, : 3 + step]] = True
    weakened = torch.where(likeliest < 0, likeliest * 1.35, likeliest / 1.35)
    likeliest = torch.where(seen, weakened, likeliest)
    assert torch.equal(likeliest.argmax(-1)[:11], said.tokens[:11])


def test_an_item_is_the_same_alone_and_in_a_batch() -> None:
    model = build()
    chosen = [prompted(6, 3), prompted(12, 0, seed=3), prompted(4, 9, seed=4)]
    together = model.generate(chosen, generators=seeds(1, 2, 3), max_tokens=[30, 20, 25])
    for index, item in enumerate(chosen):
        (alone,) = model.generate(
            [item], generators=seeds(index + 1), max_tokens=[30, 20, 25][index]
        )
        assert torch.equal(alone.tokens, together[index].tokens)
        assert alone.stopped_by_limit == together[index].stopped_by_limit


def test_length_bounds_are_kept_and_reported() -> None:
    model = build()
    with torch.no_grad():  # a model that always wants to end
        model.ar_predict_layer.weight[20] = 0
        model.ar_predict_layer.weight[20] += 50 * model.h.layers[-1].norm2.bias.new_ones(32)
        model.h.layers[-1].norm2.bias.fill_(1.0)
    (ended,) = model.generate([prompted(5, 2)], generators=seeds(1), min_tokens=7)
    assert len(ended.tokens) == 7
    assert not ended.stopped_by_limit
    (cut,) = model.generate([prompted(5, 2)], generators=seeds(1), min_tokens=9, max_tokens=4)
    assert len(cut.tokens) == 4
    assert cut.stopped_by_limit


def test_no_token_is_lost_at_the_limit() -> None:
    model = build()
    (long,) = model.generate([prompted(5, 2)], generators=seeds(4), min_tokens=20, max_tokens=20)
    (short,) = model.generate([prompted(5, 2)], generators=seeds(4), min_tokens=20, max_tokens=8)
    assert torch.equal(long.tokens[:8], short.tokens)


def test_the_seed_decides() -> None:
    model, item = build(), prompted(5, 2)
    draws = [
        model.generate([item], generators=seeds(seed), min_tokens=20, max_tokens=20)[0].tokens
        for seed in (1, 1, 2)
    ]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_nothing_to_speak_is_refused() -> None:
    nothing = Prompted(phones=torch.zeros(0, dtype=torch.long), prompt=torch.zeros(0).long())
    with pytest.raises(ValueError, match="item 0 has no phones"):
        build().generate([nothing], generators=seeds(1))
    with pytest.raises(ValueError, match="1 items need as many generators"):
        build().generate([prompted(3, 1)], generators=[])


def test_no_items_are_no_result() -> None:
    assert build().generate([], generators=[]) == []


def test_a_full_cache_says_how_much_it_holds() -> None:
    cache = KeyValueCache(
        layers=1,
        batch=1,
        heads=1,
        capacity=3,
        channels=2,
        dtype=torch.float32,
        device=torch.device("cpu"),
    )
    with pytest.raises(ValueError, match="room for 3 positions, needs 4"):
        cache.append(0, torch.zeros(2, 1, 1, 4, 2))


def test_a_model_that_spoke_can_still_be_trained_on_what_it_said() -> None:
    """Speaking runs in inference mode, whose tensors no gradient may pass; none must get out."""
    model = build()
    model.ar_audio_position.table = model.ar_audio_position.table[:2]  # so that speaking grows it
    [spoken] = model.generate([prompted(4, 3)], generators=seeds(1), min_tokens=6, max_tokens=6)
    assert not spoken.tokens.is_inference()
    batch = replace(items((4, 6)), codes=spoken.tokens[None])
    logits, targets = model(batch)
    token_loss(logits, targets, batch.code_lengths)["total"].backward()
    assert model.ar_audio_position.alpha.grad is not None
