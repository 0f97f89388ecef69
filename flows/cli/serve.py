"""`voxgate serve|speech-worker`: the voice that is live, over HTTP, and jobs beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import Root

__all__ = ["serve", "speech_worker"]

Devices = Annotated[
    list[str] | None,
    typer.Option(
        "--device",
        help="cuda:0 and so on, again for more: a process each.",
        show_default="VOXGATE_SPEECH_DEVICES, or cpu",
    ),
]

_LONGEST_IDLE_S, _IDLE_TURNS = 10.0, 30
"""Some minutes without a turn at a campaign end the processes that take them."""

_TRIAL_S = 30.0
"""How often a version on trial is judged, so that one that is proved worse is heard no more."""


def serve(  # noqa: PLR0913, PLR0917  # one argument for each option
    host: Annotated[str, typer.Option(help="Address; other machines need keys.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 is any free one.")] = 8080,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="This machine needs no key, to try voices.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Real-time processes, a core each.", show_default="cores - 1"),
    ] = None,
    batch_workers: Annotated[int, typer.Option(min=1, help="Batch processes, nice 19.")] = 1,
    spares: Annotated[int, typer.Option(min=0, help="Warm stand-ins of the real-time lane.")] = 1,
    waiting: Annotated[int, typer.Option(min=1, help="Real-time requests that may wait.")] = 8,
    campaign_workers: Annotated[
        int, typer.Option(min=0, help="Processes that speak campaigns, nice 19.")
    ] = 0,
    device: Devices = None,
    preset: Annotated[str, typer.Option(help="Of requests that name none.")] = "standard",
    config: Annotated[
        Path | None, typer.Option(help="YAML: names of others, languages, bounds (docs/serving.md)")
    ] = None,
    root: Root = Path(),
) -> None:
    """Speak over HTTP with the version that is live; until interrupted."""
    import asyncio
    from contextlib import closing
    from dataclasses import replace
    from functools import partial

    from tasks.campaigns.recall import call_back
    from tasks.campaigns.service import open_campaigns
    from tasks.release.trial import follow_trial
    from tasks.speech.catalogue import open_catalogue
    from voxgate.campaigns.work.looping import Shift, at_work
    from voxgate.wiring.campaign_hands import CampaignHand
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.speech_devices import device_names
    from voxgate.wiring.speech_server import open_doors, read_http_settings, serve_speech
    from voxgate.wiring.speech_service import SpeechOptions
    from voxgate.wiring.trials import open_tallies

    _log_to_stderr()
    checkout, settings = Checkout.open(root), read_http_settings(config)
    if anonymous:
        settings = replace(settings, allow_anonymous=True)
    options = SpeechOptions(
        workers=workers,
        batch_workers=batch_workers,
        spares=spares,
        waiting=waiting,
        preset=preset,
        devices=device_names(checkout.settings, device),
    )
    doors = open_doors(checkout, settings, host=host, port=port)

    def opened() -> None:
        sys.stdout.write(f"listening on {doors.url} (stop with Ctrl-C)\n")
        sys.stdout.flush()

    with doors.listener, closing(open_campaigns(checkout)) as campaigns:
        hands = [CampaignHand(checkout.root, campaigns.store) for _ in range(campaign_workers)]
        shift = Shift(
            goes_on=lambda: True,
            has_work=campaigns.has_work,
            ended=campaigns.write_report,
            longest_idle_s=_LONGEST_IDLE_S,
            idle_turns=_IDLE_TURNS,
        )
        catalogue = partial(open_catalogue, checkout)
        tallies = open_tallies(checkout.settings, checkout.root)
        follow = partial(follow_trial, checkout.desk, tallies, period_s=_TRIAL_S)
        serving = serve_speech(
            checkout,
            doors,
            options,
            catalogue=catalogue,
            campaigns=campaigns,
            recall=partial(call_back, checkout.root),
            follow=follow,
            opened=opened,
        )
        with at_work(shift, hands):
            asyncio.run(serving)


def speech_worker(
    workers: Annotated[int, typer.Option(min=1, help="Processes that speak, nice 19.")] = 1,
    device: Devices = None,
    root: Root = Path(),
) -> None:
    """Run speech jobs that come through the broker (VOXGATE_BROKER_URL); until interrupted."""
    from voxgate.wiring.checkout import Checkout
    from voxgate.wiring.speech_devices import device_names
    from voxgate.wiring.speech_worker import run_speech_worker

    _log_to_stderr()
    checkout = Checkout.open(root)
    devices = device_names(checkout.settings, device)
    run_speech_worker(checkout, workers=workers, devices=devices)


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
