import torch

from models.gpt_sovits.s2.quantizer import Codebook, SemanticQuantizer


def test_the_nearest_code_is_chosen() -> None:
    torch.manual_seed(0)
    quantizer = SemanticQuantizer(16, 4)
    features = torch.randn(2, 4, 30)
    distance = torch.cdist(features.transpose(1, 2), quantizer.codebook.embed)
    assert torch.equal(quantizer.encode(features)[:, 0], distance.argmin(-1))


def test_codes_come_back_as_their_vectors() -> None:
    torch.manual_seed(0)
    quantizer = SemanticQuantizer(16, 4)
    codes = torch.randint(0, 16, (2, 1, 7))
    vectors = quantizer.decode(codes)
    assert vectors.shape == (2, 4, 7)
    assert torch.equal(quantizer.encode(vectors), codes)


def test_updates_move_codes_to_the_middle_of_what_chose_them() -> None:
    torch.manual_seed(0)
    book = Codebook(2, 2)
    book.embed.copy_(torch.tensor([[0.0, 0.0], [4.0, 4.0]]))
    book.embed_avg.copy_(book.embed * 100)
    book.cluster_size.fill_(100)
    points = torch.cat([torch.full((500, 2), 1.0), torch.full((500, 2), 5.0)])
    for _ in range(300):
        book.update(points, book.nearest(points), torch.Generator().manual_seed(0))
    expected = torch.tensor([[1.0, 1.0], [5.0, 5.0]])
    torch.testing.assert_close(book.embed, expected, rtol=0, atol=0.1)


def test_a_code_that_nobody_chooses_is_replaced_by_a_vector_of_the_batch() -> None:
    torch.manual_seed(0)
    book = Codebook(2, 2)
    book.embed.copy_(torch.tensor([[0.0, 0.0], [90.0, 90.0]]))
    book.embed_avg.copy_(book.embed)
    book.cluster_size.copy_(torch.tensor([10.0, 1.0]))
    points = torch.full((50, 2), 1.0)
    book.update(points, book.nearest(points), torch.Generator().manual_seed(0))
    assert torch.equal(book.embed[1], torch.tensor([1.0, 1.0]))
