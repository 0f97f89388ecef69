"""One language, as lists write it."""

import pytest

from voxgate.corpus.languages import language_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(
            (name, "en")
            for name in ("en", "EN", "en-US", "EN_us", "English", " eng ", "en-Latn-GB")
        ),
        *((name, "zh") for name in ("ZH", "zh-Hans-CN", "Chinese")),
        ("JP", "ja"),
        ("yue", "yue"),
        ("de_DE", "de"),
        *((name, None) for name in ("", "e", "klingonian", "en/us", "12", "en-")),
    ],
)
def test_a_language_is_known_by_its_tag_or_its_name(written, code):
    assert language_code(written) == code
