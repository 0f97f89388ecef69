from voxgate.pretraining.tokenizer.candidates import Candidate
from voxgate.pretraining.tokenizer.comparison import compare
from voxgate.pretraining.tokenizer.layer_features import ClipFeatures

from .conftest import CHOICE


def test_a_comparison_scores_every_candidate(clips: list[ClipFeatures]) -> None:
    layers = {"sharp": clips}
    free = Candidate(layer="sharp", remove_mean=False, codes=None)
    scores = compare(layers, [CHOICE, free], probe_steps=3, seed=1)
    assert [score.candidate for score in scores] == [CHOICE, free]
    assert 0 < (scores[0].held_out_explained_variance or 0) <= 1
    assert scores[1].explained_variance is None
    assert all(score.phone_error_rate > 0 for score in scores)
