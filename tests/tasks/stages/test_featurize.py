import csv
import re
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from tasks.stages.featurize import featurize
from tests.fakes.speech_tokenizer import LetterPhonemiser, LoudnessTokenizer
from tests.fakes.validated_clips import PROMPT, Clip, clips, write_validated
from voxgate.audio.shards import Place, ShardReader
from voxgate.corpus.validated_clips import read_validated
from voxgate.corpus.validated_clips import write_validated as write_table
from voxgate.errors import ConfigError, RefusalError
from voxgate.features.clips import read_feature_set
from voxgate.features.featurised_clips import read_cut_clips
from voxgate.files import read_json
from voxgate.stage import Outcome, read_outcome
from voxgate.training.fit.work_folder import folder_contents


def run(root, rows, tokenizer=None, phonemiser=None, **params):
    workspace, loaded = write_validated(root, rows, **params)
    outcome = featurize(
        workspace,
        loaded,
        tokenizer=tokenizer or LoudnessTokenizer(),
        phonemiser=phonemiser or LetterPhonemiser(),
    )
    return workspace.stage_dir("featurize"), outcome


def table(folder):
    return pq.read_table(folder / "clips.parquet").to_pylist()


def test_every_usable_clip_gets_phones_tokens_and_a_split(tmp_path):
    folder, outcome = run(tmp_path, clips(20))

    rows = table(folder)
    assert outcome.accepted
    assert read_outcome(folder) == outcome
    assert len(rows) == 20
    size = {"name": "minute", "clips": 20, "seconds": 70.0, "budget": 0.5}
    counts = {"clips": 20, "dropped": 0, "centroid": 5, "train": 13, "validation": 2}
    assert outcome.facts == {**counts, "size": size}
    assert all(len(row["tokens"]) == 87 for row in rows)  # 3.5 s at 25 Hz
    assert all(row["phones"] for row in rows)


def test_what_training_reads_is_what_was_written(tmp_path):
    folder, _ = run(tmp_path, clips(20))
    features = read_feature_set(folder)

    clip = features.clip(read_json(folder / "reference.json")["clip_id"])
    assert len(features.train) == 13
    assert clip.read_wave().shape == (56000,)
    assert clip.tokens.dtype == np.int64


def test_audio_is_cut_where_validation_said(tmp_path):
    rows = clips(20)
    folder, _ = run(tmp_path, [replace(rows[0], cut=1600), *rows[1:]])

    clip = next(clip for clip in read_cut_clips(folder) if clip.recording_id == rows[0].name)
    assert clip.place.n_samples == 56000 - 3200
    assert clip.duration_s == pytest.approx(3.3)
    whole = ShardReader(tmp_path / "build" / "ingest" / "audio").read(Place(0, 1600, 52800))
    cut = ShardReader(folder / "audio").read(clip.place)
    assert np.array_equal(cut, whole)


def test_an_added_clip_costs_one_clip(tmp_path):
    tokenizer, phonemiser = LoudnessTokenizer(), LetterPhonemiser()
    run(tmp_path, clips(20), tokenizer, phonemiser)
    assert (tokenizer.encoded, len(phonemiser.read_texts)) == (20, 20)

    run(tmp_path, clips(21), tokenizer, phonemiser)
    assert (tokenizer.encoded, len(phonemiser.read_texts)) == (21, 21)


def test_a_changed_text_costs_no_encoding_and_a_changed_trim_no_reading(tmp_path):
    tokenizer, phonemiser = LoudnessTokenizer(), LetterPhonemiser()
    rows = clips(20)
    run(tmp_path, rows, tokenizer, phonemiser)
    run(tmp_path, [replace(rows[0], text="Something else now."), *rows[1:]], tokenizer, phonemiser)
    assert (tokenizer.encoded, len(phonemiser.read_texts)) == (20, 21)

    run(tmp_path, [replace(rows[0], cut=160), *rows[1:]], tokenizer, phonemiser)
    assert (tokenizer.encoded, len(phonemiser.read_texts)) == (21, 21)


def test_another_tokenizer_encodes_everything_again(tmp_path):
    run(tmp_path, clips(20))
    other = LoudnessTokenizer(sha256="u" * 64)
    run(tmp_path, clips(20), other)

    assert other.encoded == 20


def test_with_a_cache_or_without_the_bytes_are_the_same(tmp_path):
    first, _ = run(tmp_path / "a", clips(20))
    run(tmp_path / "b", clips(12))
    second, _ = run(tmp_path / "b", clips(20))

    assert folder_contents(first) == folder_contents(second)


def test_clips_that_validation_quarantined_are_left_out(tmp_path):
    rows = clips(20)
    folder, _ = run(tmp_path, [replace(rows[0], status="quarantined"), *rows[1:]])

    assert rows[0].name not in {row["recording_id"] for row in table(folder)}


def test_clips_that_cannot_be_trained_on_are_listed_with_their_reason(tmp_path):
    bad = [
        Clip(name="bad/mute", text="..."),
        Clip(name="bad/fast", text="x" * 400),
        Clip(name="bad/blip", seconds=0.15, text="ab"),
    ]
    folder, outcome = run(tmp_path, [*clips(20), *bad])

    with (folder / "dropped.csv").open() as stream:
        dropped = {row["recording_id"]: row for row in csv.DictReader(stream)}
    assert {name: row["code"] for name, row in dropped.items()} == {
        "bad/mute": "no_phones",
        "bad/fast": "phone_rate",
        "bad/blip": "too_few_tokens",
    }
    assert "114.3 phones a second, expected 3 to 25" in dropped["bad/fast"]["message"]
    assert outcome.facts["dropped"] == 3
    assert read_json(folder / "statistics.json")["dropped"]["no_phones"] == 1


def test_the_statistics_name_guessed_words_and_token_usage(tmp_path):
    rows = clips(20)
    folder, _ = run(tmp_path, [replace(rows[0], text="Say Xylo and Xenon now please."), *rows[1:]])

    statistics = read_json(folder / "statistics.json")
    assert statistics["guessed_words"] == {"Xenon": 1, "Xylo": 1}
    assert statistics["clips"] == {"centroid": 5, "train": 13, "validation": 2}
    assert 0 < statistics["tokens"]["perplexity"] <= statistics["tokens"]["used"] <= 512
    assert statistics["spectrogram"]["log_std"] > 0


def test_the_reference_carries_the_consent_of_its_speaker(tmp_path):
    folder, _ = run(tmp_path, clips(20))

    reference = read_json(folder / "reference.json")
    assert reference["consent_scope"] == "internal"
    split = {row["clip_id"]: row["split"] for row in table(folder)}
    assert split[reference["clip_id"]] == "train"


@pytest.mark.parametrize(
    ("rows", "code", "message"),
    [
        (clips(4), "too_few_clips", r"expected at least 7 clips .* got 4 of 14\.0 s"),
        (clips(20, seconds=1.8), "too_few_clips", "of which 0 of at least 2 s"),
        (clips(20, seconds=2.5), "no_reference_clip", "no training clip lasts 3 to 10 s"),
        (
            [*clips(20), Clip(name="bob/1", speaker="bob")],
            "several_speakers",
            r"found ann \(20 clips\), bob \(1 clips\)",
        ),
        ([*clips(20), Clip(name="ann/leak", text=PROMPT)], "leakage", "1 clips say .* ann/leak"),
    ],
)
def test_a_set_that_will_not_do_is_refused(tmp_path, rows, code, message):
    folder, outcome = run(tmp_path, rows)

    assert not outcome.accepted
    assert [reason.code for reason in outcome.reasons] == [code]

    assert re.search(message, outcome.reasons[0].message)
    assert sorted(p.name for p in folder.iterdir()) == ["dropped.csv", "outcome.json"]


def test_naming_the_speaker_leaves_the_others_out_with_a_reason(tmp_path):
    rows = [*clips(20), Clip(name="bob/1", speaker="bob")]
    folder, outcome = run(tmp_path, rows, speaker="ann")

    assert outcome.accepted
    assert "bob/1" in (folder / "dropped.csv").read_text()
    assert "other_speaker" in (folder / "dropped.csv").read_text()


def test_of_two_speakers_each_is_a_training_set_by_name(tmp_path):
    rows = [
        *clips(20),
        *(
            replace(clip, name=f"bob/{clip.name}", speaker="bob", text=f"Bob. {clip.text}")
            for clip in clips(18)
        ),
    ]
    for name, count in (("ann", 20), ("bob", 18)):
        folder, outcome = run(tmp_path / name, rows, speaker=name)
        assert outcome.accepted
        assert len(table(folder)) == count
        assert read_json(folder / "reference.json")["speaker_id"] == name


def test_a_speaker_whom_nobody_recorded_is_named_with_those_who_are_there(tmp_path):
    _, outcome = run(tmp_path, clips(20), speaker="Ann")

    assert [reason.code for reason in outcome.reasons] == ["unknown_speaker"]
    assert "found ann (20 clips)" in outcome.reasons[0].message


def test_a_refusal_of_validation_stops_the_stage(tmp_path):
    workspace, params = write_validated(tmp_path, clips(20))
    Outcome(stage="validate", accepted=False).write(workspace.stage_dir("validate"))

    with pytest.raises(RefusalError, match="validate"):
        featurize(workspace, params, tokenizer=LoudnessTokenizer(), phonemiser=LetterPhonemiser())


@pytest.mark.parametrize("name", ["words.txt", "../params.yaml"])
def test_a_lexicon_that_is_absent_or_outside_data_is_an_error(tmp_path, name):
    with pytest.raises(ConfigError, match=r"featurize\.lexicon: expected a folder under data/"):
        run(tmp_path, clips(20), lexicon=name)


def test_the_lexicon_travels_with_the_features(tmp_path):
    words = tmp_path / "data" / "words"
    words.mkdir(parents=True)
    (words / "lexicon.en.tsv").write_text("digium\tD IH1 JH IY0 AH0 M\n")
    (words / "lexicon.zh.tsv").write_text("银行\tyin2 hang2\n")
    folder, _ = run(tmp_path, clips(20), lexicon="words")

    assert (folder / "lexicon.en.tsv").read_text().startswith("digium")
    assert (folder / "lexicon.zh.tsv").read_text().startswith("银行")


def test_the_one_file_of_before_is_refused_with_the_way_to_move_it(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.txt").write_text("digium\tD IH1 JH IY0 AH0 M\n")
    with pytest.raises(ConfigError, match=r"move it, as it is, to data/lexicons/lexicon\.en\.tsv"):
        run(tmp_path, clips(20), lexicon="words.txt")


def test_further_languages_of_the_voice_stand_behind_that_of_its_recordings(tmp_path):
    folder, _ = run(tmp_path / "one", clips(20))
    assert "languages" not in read_json(folder / "reference.json")
    folder, _ = run(tmp_path / "two", clips(20), languages=["zh", "en"])
    assert read_json(folder / "reference.json")["languages"] == ["en", "zh"]


def test_a_measured_decimal_that_flips_changes_nothing_that_training_reads(tmp_path):
    """Where an instrument's last decimal depends on the processor, training must not."""
    first, _ = run(tmp_path / "one", clips(20))
    workspace, loaded = write_validated(tmp_path / "two", clips(20))
    first_clip, *others = read_validated(workspace.stage_dir("validate"))
    figures = replace(first_clip.figures, language_probability=0.9871, speaker_cosine=0.8123)
    write_table(workspace.stage_dir("validate"), [replace(first_clip, figures=figures), *others])
    featurize(workspace, loaded, tokenizer=LoudnessTokenizer(), phonemiser=LetterPhonemiser())
    second = workspace.stage_dir("featurize")
    assert folder_contents(first) == folder_contents(second)
