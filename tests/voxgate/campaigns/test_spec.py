from datetime import UTC, datetime

import pytest

from voxgate.campaigns.spec import parse_spec, read_spec, require_campaign_id
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import ConfigError

GOOD = {
    "campaign": "spring-reminders",
    "purpose": "evaluation",
    "model": "voice-en",
    "templates": {"reminder": {"text": "Hello {first_name}.", "slots": {"first_name": "name"}}},
}


def test_a_file_is_read_with_its_defaults(tmp_path):
    path = tmp_path / "campaign.yaml"
    path.write_text(
        "campaign: spring\npurpose: internal\nmodel: voice-en\n"
        "templates:\n  reminder:\n    text: Hello.\nsend_by: '2026-12-03T18:00:00Z'\n",
        encoding="utf-8",
    )
    spec = read_spec(path)
    assert spec.purpose is ConsentScope.INTERNAL
    assert (spec.preset, spec.format, spec.proof_sample) == ("standard", "mp3", 20)
    assert spec.is_late(datetime(2026, 12, 3, 18, 1, tzinfo=UTC))
    assert not spec.is_late(datetime(2026, 12, 3, 17, 59, tzinfo=UTC))
    assert parse_spec(spec.as_json(), "again") == spec


def test_what_decides_what_is_heard_is_in_the_digest():
    one = parse_spec(GOOD, "x")
    other = parse_spec({**GOOD, "lexicon": {"Siobhan": "SH IH0 V AO1 N"}}, "x")
    assert one.digest != other.digest
    assert one.digest == parse_spec(dict(reversed(GOOD.items())), "x").digest


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"campaign": "Spring Reminders"}, "campaign"),
        ({"purpose": "anything"}, "purpose"),
        ({"templates": {}}, "templates"),
        ({"templates": {"Bad Name": {"text": "Hello."}}}, "Bad Name"),
        ({"templates": {"a": {"text": "Hi.", "slots": {"1": "name"}}}}, "slot"),
        ({"format": "aac"}, "format"),
        ({"proof_sample": 0}, "proof_sample"),
        ({"send_by": "2026-12-03T18:00:00"}, "send_by"),
        ({"keep_texts": "yes"}, "keep_texts"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_file_that_cannot_be_used_names_the_field(change, named):
    with pytest.raises(ConfigError, match=named):
        parse_spec({**GOOD, **change}, "campaign.yaml")


def test_all_faults_are_listed_together():
    with pytest.raises(ConfigError) as caught:
        parse_spec({**GOOD, "format": "aac", "weight": 99.0}, "campaign.yaml")
    assert "format" in str(caught.value)
    assert "weight" in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"lexicon": {"A\ud800": "AH0"}},
        {"fallback": "Hello \udfff there."},
        {"templates": {"reminder": {"text": "Hello \ud800."}}},
    ],
)
def test_half_a_surrogate_pair_is_refused_wherever_it_stands(change):
    with pytest.raises(ConfigError, match="surrogate"):
        parse_spec({**GOOD, **change}, "campaign.yaml")


@pytest.mark.parametrize("document", [None, [], "text"])
def test_what_is_no_mapping_is_said(document):
    with pytest.raises(ConfigError, match="mapping"):
        parse_spec(document, "campaign.yaml")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ConfigError, match="missing"):
        read_spec(tmp_path / "none.yaml")


@pytest.mark.parametrize("text", ["", "Ä", "../x", "a" * 61, "a b", "'; drop table"])
def test_an_id_that_no_campaign_has_is_refused(text):
    with pytest.raises(ConfigError):
        require_campaign_id(text)
