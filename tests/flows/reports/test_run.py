import io
from dataclasses import replace

from rich.console import Console

from flows.reports.run import print_summary
from flows.reports.summary import RunSummary, VersionLine
from tasks.retraining import RunResult

LIVE = VersionLine(
    version=3,
    aliases=("champion",),
    verdict="PASS",
    approval="approved",
    consent_scope="internal",
    bundle=".voxgate/bundles/a",
    decided_by="anna",
)
CANDIDATE = VersionLine(
    version=4,
    aliases=("challenger",),
    verdict="INCONCLUSIVE",
    approval="pending",
    consent_scope="internal",
    bundle=".voxgate/bundles/b",
    reasons=("corpus WER may be up to 3.1 points worse, margin 1.0",),
    evidence="abcdef" * 10 + "abcd",
    expires_at="2026-12-01",
)
CLIPS = {
    "rows": 10,
    "accepted": 6,
    "fixed": 1,
    "quarantined": 3,
    "accepted_s": 90.0,
    "reasons": {"too_short": 2, "tone": 1},
}
CHECKPOINT = {
    "name": "step-000600",
    "chosen": True,
    "wer": 0.25,
    "cer": None,
    "similarity": 0.8,
    "catastrophic_prompts": 2,
    "prompts": 20,
}


def _printed(summary: RunSummary, result: RunResult | None = None) -> str:
    console = Console(file=io.StringIO(), width=120, highlight=False)
    print_summary(summary, result, console=console)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def _summary(**changes: object) -> RunSummary:
    values = {
        "data_version": "abc.dir",
        "clips": CLIPS,
        "size": {"name": "minute", "clips": 18, "seconds": 70.9, "budget": 0.5},
        "checkpoints": (CHECKPOINT,),
        "refusals": (),
        "live": LIVE,
        "candidate": CANDIDATE,
        "pending": (CANDIDATE,),
        "previous": 2,
    }
    return RunSummary(**{**values, **changes})  # type: ignore[arg-type]


def test_a_release_engineer_sees_verdict_decision_and_what_is_live() -> None:
    text = _printed(_summary(), RunResult(recomputed=("train",), version=4, verdict="INCONCLUSIVE"))
    assert "INCONCLUSIVE for version 4" in text
    assert "- corpus WER may be up to 3.1 points worse, margin 1.0" in text
    assert "decision      version 4: pending until 2026-12-01: a person decides" in text
    assert "evidence abcdefabcdef" in text
    assert "live          version 3 (consent scope internal, approved by anna)" in text
    for command in ("approve 4 --by YOU", "reject 4 --by YOU", "rollback --by YOU"):
        assert f"voxgate {command}" in text
    assert "6 accepted, 1 fixed, 3 quarantined of 10 (1.5 minutes" in text
    assert "too_short 2, tone 1" in text
    assert "voxgate verify .voxgate/bundles/b" in text


def test_what_was_not_measured_is_a_dash_and_never_a_number() -> None:
    line = next(row for row in _printed(_summary()).splitlines() if "step-000600" in row)
    assert line.split() == ["step-000600", "*", "25.0", "%", "-", "0.800", "2/20"]


def test_what_was_decided_against_the_voice_is_shown() -> None:
    said = "this voice was rejected as version 4 by anna: it [/lisps]; nothing new is offered"
    text = _printed(_summary(candidate=replace(CANDIDATE, objections=(said,)), pending=()))
    assert f"decided       {said}" in text


def test_the_page_of_the_verdict_is_named_where_there_is_one() -> None:
    page = ".voxgate/bundles/b.report/verdict.html"
    assert f"report        {page}" in _printed(_summary(candidate=replace(CANDIDATE, report=page)))
    assert "report        " not in _printed(_summary())


def test_nothing_new_is_said_in_words() -> None:
    text = _printed(_summary(), RunResult(recomputed=(), version=4, verdict="INCONCLUSIVE"))
    assert "nothing: nothing has changed" in text


def test_an_interrupted_promotion_and_an_expired_decision_say_what_to_do() -> None:
    text = _printed(_summary(pending=(replace(CANDIDATE, approval="approved"),)))
    assert "decision      version 4: approved, its promotion was interrupted" in text
    assert "voxgate promote 4 --by YOU" in text
    text = _printed(_summary(pending=(replace(CANDIDATE, approval="expired"),)))
    assert "expired at 2026-12-01; `voxgate run` offers it again" in text
    assert "voxgate approve" not in text


def test_a_live_version_whose_override_is_over_is_shown() -> None:
    text = _printed(_summary(live=replace(LIVE, approval="expired")))
    assert "approved by anna); its override is over: roll back, or approve another" in text


def test_a_registry_that_differs_is_shown_with_the_command_for_it() -> None:
    text = _printed(_summary(registry=("the alias 'champion' points to 2",)))
    assert "registry      the alias 'champion' points to 2" in text
    assert "voxgate registry check" in text


def test_an_empty_checkout_says_what_is_missing() -> None:
    nothing = {"data_version": None, "clips": None, "live": None, "candidate": None}
    text = _printed(_summary(**nothing, checkpoints=(), pending=(), previous=None))
    assert "data/ is not registered" in text
    assert "not validated yet" in text
    assert "verdict       none yet" in text
    assert "nothing: no version has been promoted yet" in text


def test_a_refusal_is_shown_with_its_reason() -> None:
    refusal = {"stage": "validate", "code": "few_clips", "message": "3 clips left, need 100"}
    text = _printed(_summary(refusals=(refusal,), candidate=None))
    assert "refused by validate: few_clips: 3 clips left, need 100" in text


def test_what_did_not_reach_people_is_shown_with_the_command_for_it() -> None:
    assert "unsent" not in _printed(_summary())
    text = _printed(_summary(notifications=("webhook: 2 given up; the last answer: 503",)))
    assert "unsent        webhook: 2 given up; the last answer: 503" in text
    assert "voxgate outbox list" in text


def test_brackets_that_somebody_wrote_are_shown_and_style_nothing() -> None:
    text = _printed(_summary(live=replace(LIVE, decided_by="[/red] anna [bold]")))
    assert "approved by [/red] anna [bold]" in text
