"""`voxgate speakers`: whose voices may be spoken with, by which consent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.json_output import print_answer
from flows.cli.options import AsJson, By, Reason, Root
from flows.reports.speakers import (
    describe_enrolment,
    describe_measurements,
    describe_profile,
    describe_profiles,
)
from voxgate.corpus.consent import load_consent
from voxgate.errors import ConfigError

if TYPE_CHECKING:
    from voxgate.speakers.ports import SpeakerRegister
    from voxgate.wiring.checkout import Checkout

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Enrol speakers, and decide who may be spoken with.")

_LOOK = 3
"""Exit status when somebody has to look."""

Name = Annotated[str, typer.Argument(help="Name of the profile.")]
ProfileVersion = Annotated[
    int | None,
    typer.Option(
        "--version", min=1, help="Its version.", show_default="the newest that was activated"
    ),
]
ConsentFile = Annotated[Path, typer.Option("--consent", help="YAML file: the speaker's record.")]


@app.command()
def enrol(
    name: Name,
    recording: Annotated[Path, typer.Argument(help="3 to 60 s of one person speaking alone.")],
    consent: ConsentFile,
    by: By,
    text: Annotated[str | None, typer.Option(help="What the recording says, word by word.")] = None,
    speaker: Annotated[
        str | None, typer.Option(help="Id of the speaker.", show_default="the profile's name")
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Make a draft of a profile from a recording; refused with every check that fails."""
    from tasks.speakers import show as showing
    from tasks.speakers.enrol import enrol as enrol_speaker
    from voxgate.clock import utc_now
    from voxgate.speakers.enrolment import EnrolmentRequest
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.evaluators import build_speaker_encoder
    from voxgate.wiring.speakers import open_speaker_register

    request = EnrolmentRequest(
        name=name,
        speaker_id=name if speaker is None else speaker,
        recording=recording,
        text=text,
        consent=load_consent(consent),
    )
    checkout = Checkout.open(root)
    enrolled = enrol_speaker(
        open_speaker_register(checkout.settings, checkout.root),
        request,
        encoder=build_speaker_encoder(checkout.params.evaluate, checkout.settings),
        references=checkout.workspace.speakers_dir,
        by=by,
    )
    profile = showing.describe_profile(enrolled.profile, today=utc_now().date())
    answer = {**profile, "added": enrolled.added, "actions": list(enrolled.actions)}
    text_ = describe_enrolment(profile, enrolled.actions, added=enrolled.added)
    print_answer(answer, text_, as_json)


@app.command("list")
def list_(root: Root = Path(), as_json: AsJson = False) -> None:
    """List every version of every profile."""
    from tasks.speakers.bench import live_bar
    from tasks.speakers.show import list_profiles
    from voxgate.clock import utc_now

    checkout = _checkout(root)
    profiles = list_profiles(_register(checkout), today=utc_now().date(), bar=live_bar(checkout))
    print_answer(profiles, describe_profiles(profiles), as_json)


@app.command()
def show(
    name: Name, version: ProfileVersion = None, root: Root = Path(), as_json: AsJson = False
) -> None:
    """Show a version: its reference, consent, checks and scores."""
    from tasks.speakers.bench import live_bar
    from tasks.speakers.show import show_profile
    from voxgate.clock import utc_now

    checkout = _checkout(root)
    bar, today = live_bar(checkout), utc_now().date()
    _print(show_profile(_register(checkout), name, version, today=today, bar=bar), as_json)


@app.command()
def measure(
    name: Annotated[str | None, typer.Argument(help="Name of the profile.")] = None,
    version: ProfileVersion = None,
    preset: Annotated[str, typer.Option(help="How it speaks: NAME or NAME@VERSION.")] = "standard",
    prompts: Annotated[
        int | None,
        typer.Option(min=5, help="How many are spoken.", show_default="speakers.prompts"),
    ] = None,
    all_stale: Annotated[
        bool, typer.Option("--all-stale", help="Every usable profile whose scores are stale.")
    ] = False,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Measure how the live voice sounds as a profile; exits 3 where one could not be measured."""
    if (name is None) is not all_stale:
        raise ConfigError("speakers measure", ["name a profile, or give --all-stale"])
    from tasks.speakers.bench import open_bench
    from tasks.speakers.remeasure import measure_named, measure_stale

    bench = open_bench(_checkout(root))
    if name is None:
        results = measure_stale(bench)
    else:
        results = [measure_named(bench, name, version, preset=preset, prompts=prompts)]
    print_answer(results, describe_measurements(results), as_json)
    raise typer.Exit(_LOOK if any(result["fault"] for result in results) else 0)


@app.command()
def activate(
    name: Name,
    by: By,
    reason: Reason,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Its version.", show_default="the newest")
    ] = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Let a draft be spoken with."""
    from tasks.speakers import decide

    _print(
        decide.activate(_register(_checkout(root)), name, version, by=by, reason=reason), as_json
    )


@app.command()
def suspend(
    name: Name,
    by: By,
    reason: Reason,
    version: ProfileVersion = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Stop the use of a profile until it is resumed."""
    from tasks.speakers import decide

    _print(decide.suspend(_register(_checkout(root)), name, version, by=by, reason=reason), as_json)


@app.command()
def resume(
    name: Name,
    by: By,
    reason: Reason,
    version: ProfileVersion = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Let a suspended profile be spoken with again."""
    from tasks.speakers import decide

    _print(decide.resume(_register(_checkout(root)), name, version, by=by, reason=reason), as_json)


@app.command()
def revoke(
    name: Name,
    by: By,
    reason: Reason,
    version: ProfileVersion = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Stop the use of a version for good."""
    from tasks.speakers import decide

    _print(decide.revoke(_register(_checkout(root)), name, version, by=by, reason=reason), as_json)


@app.command("consent")
def change_consent(
    name: Name,
    consent: ConsentFile,
    by: By,
    reason: Reason,
    version: ProfileVersion = None,
    root: Root = Path(),
    as_json: AsJson = False,
) -> None:
    """Put another record in the place of the consent: wider, narrower, or of other days."""
    from tasks.speakers import decide

    record = load_consent(consent)
    answer = decide.change_consent(
        _register(_checkout(root)), name, version, record, by=by, reason=reason
    )
    _print(answer, as_json)


def _print(profile: dict[str, Any], as_json: bool) -> None:
    print_answer(profile, describe_profile(profile), as_json)


def _checkout(root: Path) -> Checkout:
    from voxgate.wiring.checkout import Checkout

    return Checkout.open(root)


def _register(checkout: Checkout) -> SpeakerRegister:
    from voxgate.wiring.speakers import open_speaker_register

    return open_speaker_register(checkout.settings, checkout.root)
