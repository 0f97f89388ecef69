"""A Celery worker until it is killed: URL of the rows, folder, URL of the broker."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fakes.speech_jobs import ToneService, make_tools
from voxgate.adapters.queue.celery_app import make_celery_app
from voxgate.adapters.queue.worker import JobThread


def main(url: str, folder: str, broker: str) -> None:
    tools = make_tools(url, Path(folder), ToneService(pause_s=0.03), lease_s=1.0)
    with JobThread(tools) as jobs:
        app = make_celery_app(broker, run=jobs.run)
        app.worker_main(["worker", "--loglevel=WARNING", "--without-gossip", "--without-mingle"])


if __name__ == "__main__":
    main(*sys.argv[1:])
