"""A person signs what words may go for likeness; a changed rule is unsigned."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ApproverError, ReleaseError
from voxgate.release.audit import verify

Call = Callable[..., Result]


@pytest.fixture
def call(call: Call) -> Call:
    """Run a command of the group `trade`."""
    return partial(call, "trade")


def rule(root: Path, **changes: Any) -> None:
    path = root / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    trade = {"subject": "gold", "max_wer_loss": 0.03, "min_similarity_gain": 0.05, **changes}
    params["gate"]["trade"] = trade
    path.write_text(yaml.safe_dump(params), encoding="utf-8")


def test_without_a_rule_there_is_nothing_to_sign(call: Call) -> None:
    assert "gate.trade in params.yaml is null" in call("show").output
    with pytest.raises(ReleaseError, match="there is no rule to sign"):
        call("sign", "--by", "anna", "--reason", "likeness")


def test_a_rule_is_signed_shown_outdated_and_revoked(release_site: ReleaseSite, call: Call) -> None:
    rule(release_site.root)
    assert "signed by nobody: it has no effect" in call("show").output
    signed = call("sign", "--by", "anna", "--reason", "likeness matters more here")
    assert "at most 3 points of WER for at least 0.05 of similarity" in signed.output
    assert "signed by anna: likeness matters more here" in signed.output
    rule(release_site.root, max_wer_loss=0.04)
    assert json.loads(call("show", "--json").output)["in_force"] is False
    assert "anna signed another rule" in call("show").output
    call("revoke", "--by", "bob", "--reason", "too many words are lost")
    assert "signed by nobody" in call("show").output
    assert verify(release_site.desk.ledger.rows()) == []


@pytest.mark.parametrize("by", ["cron", "policy:auto"])
def test_the_trainer_and_policies_do_not_sign(
    release_site: ReleaseSite, call: Call, by: str
) -> None:
    rule(release_site.root)
    release_site.offer(1)
    with pytest.raises(ApproverError):
        call("sign", "--by", by, "--reason", "it would pass")
    assert release_site.desk.ledger.read(release_site.desk.model).trade is None


def test_a_rule_beyond_the_bounds_is_not_signed(release_site: ReleaseSite, call: Call) -> None:
    rule(release_site.root, max_wer_loss=0.3)
    assert "cannot be signed: max_wer_loss: at most 0.05" in call("show").output
    with pytest.raises(ReleaseError, match=r"max_wer_loss: at most 0\.05"):
        call("sign", "--by", "anna", "--reason", "likeness")
