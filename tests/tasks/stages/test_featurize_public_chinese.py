"""A public preset learns Chinese with BERT: featurize, train and speak, with imported files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from models.gpt_sovits.s1.token_model import Generated, Prompted, TokenModel
from models.gpt_sovits.s2.speaker_verification import SpeakerVerifier
from tasks.stages.featurize import featurize
from tasks.stages.train import train
from tests.fakes.text_features import CharacterFrontEnd, CharacterPhonemiser, OrdinalFeatures
from tests.fakes.tiny_public import (
    TINY_SPEAKER_NETWORK,
    install_tiny_public,
    write_bert,
    write_hubert,
    write_pair,
    write_speaker_network,
)
from tests.fakes.training_set import SMALL_LOOPS
from tests.fakes.validated_clips import clips, write_validated
from tests.tasks.stages.test_featurize_public import folder_pin, write_params
from voxgate.adapters.extractors import speaker_vectors
from voxgate.adapters.extractors.bert_features import load_bert
from voxgate.adapters.public_gpt_sovits.base import write_base
from voxgate.adapters.public_gpt_sovits.weights import import_public
from voxgate.errors import ConfigError, VoiceError, WeightsError
from voxgate.features.clips import read_feature_set
from voxgate.files import read_json
from voxgate.params import Params, load_params
from voxgate.speaking import GptSovitsVoice, load_voice
from voxgate.speaking.reading import TextReader
from voxgate.stage import Workspace
from voxgate.training.fit.work_folder import folder_contents
from voxgate.wiring.text_features import packaged_text_features

BERT = Path("bert/pytorch_model.bin")


@pytest.fixture(autouse=True, scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder that holds the store of imported files."""
    root = tmp_path_factory.mktemp("public")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOXGATE_ASSETS_DIR", str(root / "store"))
        install_tiny_public(patch)
        patch.setattr(
            speaker_vectors, "SpeakerVerifier", lambda _: SpeakerVerifier(TINY_SPEAKER_NETWORK)
        )
        yield root


@pytest.fixture(scope="module")
def checkout(tiny: Path) -> tuple[Workspace, Params]:
    """A corpus in which half of the clips are Chinese, and params.yaml as an import prints it."""
    write_hubert(tiny / "hubert")
    write_bert(tiny / "bert")
    write_speaker_network(tiny / "sv")
    files = [*write_pair(tiny / "files"), tiny / BERT]
    params = write_base(
        [import_public(path, tiny / "store") for path in files],
        tiny / "base" / "pro",
        extractor=folder_pin(tiny / "hubert"),
        speaker_network=folder_pin(tiny / "sv"),
    )
    spoken = [
        replace(clip, text="A plain text" if place % 2 else f"你好吗,{'好' * place},ab?")
        for place, clip in enumerate(clips(14, sample_rate_hz=32000))
    ]
    workspace, _ = write_validated(tiny, spoken)
    params["featurize"]["languages"] = ["zh"]
    params["train"] |= {"checkpoints": 1, "resume_every": 2, "threads": 1}
    write_params(tiny, params)
    return workspace, short(load_params(tiny / "params.yaml"))


def short(params: Params) -> Params:
    loops = {
        name: getattr(params.train, name).model_copy(update=SMALL_LOOPS[name] | {"steps": 2})
        for name in ("synthesizer", "text_to_semantic")
    }
    return params.model_copy(update={"train": params.train.model_copy(update=loops)})


@pytest.fixture(scope="module")
def featurized(checkout: tuple[Workspace, Params]) -> Workspace:
    workspace, params = checkout
    outcome = featurize(workspace, params, phonemiser=CharacterPhonemiser())
    assert outcome.accepted, outcome.reasons
    return workspace


@pytest.fixture(scope="module")
def package(featurized: Workspace, checkout: tuple[Workspace, Params]) -> Path:
    outcome = train(featurized, checkout[1])
    assert outcome.accepted, outcome.reasons
    (folder,) = (featurized.stage_dir("train") / "checkpoints").iterdir()
    return folder


def voice_of(package: Path, **parts) -> GptSovitsVoice:
    """Load a voice that reads without a dictionary."""
    return replace(load_voice(package, threads=1, **parts), reader=TextReader(CharacterFrontEnd()))


def test_featurize_keeps_a_row_a_character(tiny: Path, featurized: Workspace) -> None:
    features = read_feature_set(featurized.stage_dir("featurize"))
    seen = 0
    for clip in (*features.train, *features.validation):
        chinese = clip.text.startswith("你")
        assert (clip.text_features is not None) == chinese
        if clip.text_features is None:
            continue
        seen += 1
        pin = folder_pin(tiny / "bert")
        bert = load_bert(pin.source, sha256=pin.sha256, assets_dir=tiny / "store")
        body, end = clip.text.split("ab")
        expected = np.concatenate([bert.compute(body), bert.compute(end)])
        assert np.array_equal(clip.text_features.rows, expected)
        spread = clip.text_features.over_phones(len(clip.phones))
        assert np.array_equal(spread[:, 0], spread[:, 1])  # both phones of 你
        assert not spread[:, -3:-1].any()  # a, b
        assert np.array_equal(spread[:, -1], expected[-1])
    assert seen


def test_what_was_read_once_is_taken_from_the_cache(
    featurized: Workspace, checkout: tuple[Workspace, Params]
) -> None:
    asleep = OrdinalFeatures(sha256=checkout[1].featurize.text_features_sha256 or "")
    before = folder_contents(featurized.stage_dir("featurize"))
    featurize(*checkout, phonemiser=CharacterPhonemiser(), text_features=asleep)
    assert folder_contents(featurized.stage_dir("featurize")) == before
    assert asleep.asked == []


def test_the_voice_names_its_bert_and_carries_what_its_prompt_means(
    checkout: tuple[Workspace, Params], package: Path
) -> None:
    card = read_json(package / "voice.json")
    assert card["text_features_sha256"] == checkout[1].featurize.text_features_sha256
    reference = safetensors.numpy.load_file(package / "reference.safetensors")
    assert card["reference"]["text"].startswith("你")
    characters = len(card["reference"]["text"].replace("ab", ""))
    assert reference["text_rows"].shape == (characters, 16)
    assert reference["text_places"].shape == (characters, 2)


@dataclass
class Spy(TokenModel):
    """Notes what S1 is asked."""

    model: TokenModel
    asked: list[Prompted] = field(default_factory=list)

    def generate(self, items, **how) -> list[Generated]:
        self.asked += items
        return self.model.generate(items, **how)


def test_s1_reads_what_prompt_and_sentence_mean(package: Path) -> None:
    bert = packaged_text_features(package)
    assert bert is not None
    voice = voice_of(package, text_features=bert)
    spy = Spy(voice.sampler.model)
    spied = replace(voice, sampler=replace(voice.sampler, model=spy))
    for text in ("a你好", "ab ab ab"):
        spied.speak(text, seed=1)

    chinese, english = spy.asked
    prompt = read_feature_set(package.parents[2] / "featurize").clip(voice.card.reference.clip_id)
    assert prompt.text_features is not None
    expected = prompt.text_features.over_phones(len(prompt.phones))
    said = np.zeros((16, 5), dtype=np.float32)
    said[:, 1:] = bert.compute("你好").repeat(2, axis=0).T
    assert chinese.bert is not None
    assert np.array_equal(chinese.bert.numpy(), np.concatenate([expected, said], axis=1))
    assert english.bert is not None
    assert np.array_equal(english.bert[:, : len(prompt.phones)].numpy(), expected)
    assert not english.bert[:, len(prompt.phones) :].any()


def test_what_a_text_means_decides_what_is_said(package: Path) -> None:
    # Random weights hardly listen: these rows are large.
    loud = OrdinalFeatures(
        sha256=read_json(package / "voice.json")["text_features_sha256"], channels=16
    )
    voice = voice_of(package, text_features=loud)
    deaf = replace(voice, characters=replace(voice.characters, expected=None))  # zeros
    waves = [each.speak("你好吗?", seed=1).wave for each in (voice, deaf)]
    assert waves[0].shape != waves[1].shape or not np.array_equal(*waves)
    waves = [each.speak("ab ab ab", seed=1).wave for each in (voice, deaf)]
    assert np.array_equal(*waves)  # no Chinese in it


def test_a_whole_text_and_its_sentences_are_read_alike(package: Path) -> None:
    voice = voice_of(package, text_features=packaged_text_features(package))
    sentences = list(voice.speak_sentences("我好吗好吗. 你好吗好吗?", seed=3))
    assert len(sentences) == 2
    alone = voice.speak_piece("你好吗好吗?", place=1, seed=3)
    assert np.array_equal(sentences[1].wave, alone.wave)


def test_without_its_bert_a_voice_speaks_all_but_chinese(package: Path) -> None:
    voice = voice_of(package)
    assert len(voice.speak("ab ab", seed=1).wave)
    with pytest.raises(VoiceError, match=r"'你好' is Chinese, .*`voxgate weights import chinese-"):
        voice.speak("ab 你好", seed=1)


def test_another_bert_is_refused(package: Path) -> None:
    bert = packaged_text_features(package)
    assert bert is not None
    bert.sha256 = "0" * 64  # type: ignore[misc]
    with pytest.raises(VoiceError, match=r"trained with the BERT .* got 0000"):
        load_voice(package, text_features=bert)


def test_a_bert_that_is_not_there_is_named_with_the_command(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path))
    with pytest.raises(WeightsError, match=r"run `voxgate weights import chinese-roberta-wwm-ext"):
        packaged_text_features(package)


def test_featurize_asks_for_the_pin_before_it_computes(
    checkout: tuple[Workspace, Params],
) -> None:
    workspace, params = checkout
    unpinned = params.featurize.model_copy(update={"text_features_sha256": None})
    with pytest.raises(ConfigError, match=r"featurize\.text_features_sha256: .* weights import"):
        featurize(workspace, params.model_copy(update={"featurize": unpinned}))


def test_a_corpus_without_chinese_needs_no_bert(
    checkout: tuple[Workspace, Params], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its features have the files that they always had."""
    _, params = checkout
    workspace, _ = write_validated(tmp_path, clips(10, sample_rate_hz=32000))
    english = params.featurize.model_copy(update={"languages": [], "text_features_sha256": None})
    tokenizer = tmp_path / "base"
    tokenizer.symlink_to(checkout[0].base_dir)
    outcome = featurize(workspace, params.model_copy(update={"featurize": english}))
    assert outcome.accepted
    names = {path.name for path in workspace.stage_dir("featurize").iterdir()}
    assert not {name for name in names if "text_features" in name or "bert" in name}


SENTENCES = (
    "今天天气很好，我们去公园吧。",
    "他说：“二〇二四年的价格是３５％……”",
    "请把这个文件发给我看一下。",
    "我用iPhone拍了三张照片！",
    "你知道银行在哪里吗？",
    "这家饭店的菜又便宜又好吃。",
    "小明一个人走了五公里的路。",
    "会议改到星期三下午两点半。",
)


def test_a_chinese_corpus_is_read_learnt_and_spoken(
    checkout: tuple[Workspace, Params], tmp_path: Path
) -> None:
    """The real front end, whose spans say which phones belong to which character."""
    spoken = [
        replace(clip, text=text, language="zh", seconds=3.0)
        for clip, text in zip(clips(8, sample_rate_hz=32000), SENTENCES, strict=True)
    ]
    workspace, _ = write_validated(tmp_path, spoken)
    (tmp_path / "base").symlink_to(checkout[0].base_dir)
    outcome = featurize(workspace, checkout[1])
    assert outcome.accepted, outcome.reasons
    assert outcome.facts["dropped"] == 0
    features = read_feature_set(workspace.stage_dir("featurize"))
    for clip in (*features.train, *features.validation):
        assert clip.text_features is not None
        counts = clip.text_features.places[:, 1]
        assert set(counts.tolist()) <= {1, 2}
        english = len(clip.phones) - counts.sum()
        assert bool(english) == ("iPhone" in clip.text)

    assert train(workspace, checkout[1]).accepted
    (package,) = (workspace.stage_dir("train") / "checkpoints").iterdir()
    voice = load_voice(package, threads=1, text_features=packaged_text_features(package))
    assert voice.card.language == "zh"
    assert len(voice.speak("你好，iPhone 怎么用？", seed=1).wave)

    texts = "她的头发很长，好吗？", "她的頭髮很長，好嗎？"
    read = [voice.reader.read_whole(text) for text in texts]
    simplified, traditional = map(voice.characters.features, read)
    assert simplified is not None
    assert traditional is not None
    assert simplified.equal(traditional)
    assert read[0].text != read[1].text
