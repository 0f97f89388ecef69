"""`python -m scripts.load`: put `voxgate serve` under load, and write the table.

    python -m scripts.load --root CHECKOUT [--only L1,L5] [--scale 0.1] [--page docs/benchmarks.md]

CHECKOUT has a released voice (`python -m scripts.load.prepare` makes one from a finished run).
Leave the machine alone meanwhile: a generator that was late reports nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from scripts.load.bench import Bench
from scripts.load.machine import describe
from scripts.load.plain_server import PlainSite, package_of
from scripts.load.report import Report, around_markers, put_between_markers
from scripts.load.scenarios import DEFAULT, SCENARIOS, Run, run_scenarios
from scripts.load.target import LoadError, ServeSite, Site
from voxgate.clock import utc_now

_PLAIN_SCALE = 0.25
"""The straightforward server has fewer requests: its medians are what is compared."""


def main() -> int:
    """Parse the command line, measure, report; 1 where the server did not start.

    A target that was missed stands in the table: this measures, and is no gate.
    """
    chosen = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    names = _names(chosen.only)
    if chosen.page is not None:
        around_markers(chosen.page)  # now, and not when everything was measured
    site = ServeSite(root=chosen.root.resolve(), arguments=shlex.split(chosen.serve))
    try:
        runs, plain = asyncio.run(_measure(site, chosen, names))
    except LoadError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    report = Report(
        command=_command(chosen),
        date=f"{utc_now():%Y-%m-%d}",
        machine=describe(),
        voice="the voice of `make run`, bare samples at 24 kHz",
        scale=chosen.scale,
        runs=runs,
        plain=plain,
    ).render()
    print(report)
    if chosen.page is not None:
        put_between_markers(chosen.page, report)
    return 0


async def _measure(
    site: ServeSite, chosen: argparse.Namespace, names: list[str]
) -> tuple[list[Run], list[Run]]:
    bench = await _bench(site, chosen)
    try:
        runs = await run_scenarios(bench, names)
    finally:
        await asyncio.to_thread(site.stop)
    compared = [name for name in names if SCENARIOS[name].on_plain]
    if chosen.no_plain or not compared:
        return runs, []
    package = chosen.plain or package_of(site)
    beside = await _bench(PlainSite(package=package.resolve()), chosen)
    # at the same rates: what is over the capacity of one may not be over that of the other
    beside = replace(
        beside, scale=chosen.scale * _PLAIN_SCALE, capacity_hz=bench.capacity_hz, patience_s=30.0
    )
    try:
        return runs, await run_scenarios(beside, compared)
    finally:
        await asyncio.to_thread(beside.site.stop)


async def _bench(site: Site, chosen: argparse.Namespace) -> Bench:
    return Bench(
        site=site,
        target=await asyncio.to_thread(site.start),
        scale=chosen.scale,
        promotion=chosen.promote,
        queue_limit=chosen.queue_limit,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--root", type=Path, required=True, help="a checkout with a released voice")
    parser.add_argument("--only", default="", help=f"of {', '.join(SCENARIOS)}; default: {DEFAULT}")
    parser.add_argument("--scale", type=float, default=1.0, help="1 takes about twelve minutes")
    parser.add_argument("--plain", type=Path, help="voice package of the straightforward server")
    parser.add_argument("--no-plain", action="store_true", help="leave that server out")
    parser.add_argument("--promote", type=int, help="version that L15 approves under load")
    parser.add_argument("--queue-limit", type=int, default=8, help="of the real-time lane")
    parser.add_argument("--serve", default="", help="further options of `voxgate serve`")
    parser.add_argument("--page", type=Path, help="a page with the markers, to be written")
    return parser


def _command(chosen: argparse.Namespace) -> str:
    """Return the command that gives this table again; where the checkout lies is left out."""
    options = {"--only": chosen.only, "--serve": chosen.serve, "--promote": chosen.promote}
    words = [f"{name} {shlex.quote(str(value))}" for name, value in options.items() if value]
    words += [f"--scale {chosen.scale:g}"] if chosen.scale != 1 else []
    return (
        f'make load ROOT=CHECKOUT LOAD="{" ".join(words)}"' if words else "make load ROOT=CHECKOUT"
    )


def _names(only: str) -> list[str]:
    if not only:
        return list(DEFAULT)
    names = [name.strip() for name in only.split(",")]
    if unknown := [name for name in names if name not in SCENARIOS]:
        raise SystemExit(f"--only: no {', '.join(unknown)}; there are {', '.join(SCENARIOS)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
