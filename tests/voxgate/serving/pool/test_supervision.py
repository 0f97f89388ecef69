import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.served_voice import LOADER, ThreadWorker, packaged, utterance
from voxgate.errors import ConfigError, TextError, WorkerLostError
from voxgate.serving.pool.protocol import Done, Sentence, Setup
from voxgate.serving.pool.supervision import PoolSettings, WorkerProcess, open_worker

ROOT = Path(__file__).resolve().parents[4]
AUTOGROUP = Path("/proc/self/autogroup")


@pytest.fixture
def setup(tmp_path):
    warm_up = utterance(packaged(tmp_path / "a"), "warm")
    return lambda **changes: Setup(
        **({"loader": LOADER, "warm_up": warm_up, "voices": 1, "polite": False} | changes)
    )


def test_numbers_that_make_no_pool_are_named_together():
    with pytest.raises(ConfigError) as caught:
        PoolSettings(real_time_workers=-1, batch_waiting=0, spares=-1, stall_s=0.0)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "real_time_workers", "spares", "batch_waiting", "stall_s",
    ]  # fmt: skip
    assert PoolSettings(spares=0, stall_s=0.1, real_time_workers=0).spares == 0


def test_what_keeps_a_worker_from_speaking_is_raised(setup):
    async def scene():
        refusing = setup(loader="tests.fakes.served_voice:refuse")
        with pytest.raises(TextError, match="told to refuse"):
            await open_worker(ThreadWorker, refusing, within_s=20)
        slow = setup(warm_up=utterance(setup().warm_up.voice, "wait 1"))
        with pytest.raises(WorkerLostError, match=r"nothing for 0\.05 s"):
            await open_worker(ThreadWorker, slow, within_s=0.05)

    asyncio.run(scene())


def test_a_start_that_is_called_off_leaves_nothing(setup):
    links = []

    def start() -> ThreadWorker:
        time.sleep(0.2)
        links.append(ThreadWorker())
        return links[0]

    async def scene():
        opening = asyncio.create_task(open_worker(start, setup(), within_s=20))
        await asyncio.sleep(0.05)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening

    asyncio.run(scene())
    assert not links[0]._thread.is_alive()


def test_a_polite_process_speaks_at_the_lowest_priority_and_is_ended(setup, monkeypatch):
    monkeypatch.delenv("VOXGATE_BATCH_NICENESS")

    async def scene():
        worker = await open_worker(WorkerProcess, setup(polite=True), within_s=300)
        pid = worker.ready.pid
        try:
            assert pid != os.getpid()
            assert os.getsid(pid) != os.getsid(0)
            assert os.getpriority(os.PRIO_PROCESS, pid) == 19
            if AUTOGROUP.exists():
                assert Path(f"/proc/{pid}/autogroup").read_text().endswith("nice 19\n")
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            assert {b"OMP_NUM_THREADS=1", b"OMP_WAIT_POLICY=PASSIVE"} <= set(environment)
            worker.speak(utterance(setup().warm_up.voice, "one"), first=0)
            heard = [await worker.next(within_s=60) for _ in range(2)]
            assert [type(one) for one in heard] == [Sentence, Done]
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(WorkerLostError, match="died"):
                await worker.next(within_s=60)
        finally:
            how = await worker.close()
        assert how == "exit status 137"
        assert not Path(f"/proc/{pid}").exists()

    asyncio.run(scene())


SERVER = """
import asyncio, sys
from pathlib import Path
from tests.fakes.served_voice import LOADER, packaged, utterance
from voxgate.serving.pool.pool import WorkerPool
from voxgate.serving.pool.supervision import PoolSettings

async def main():
    warm_up = utterance(packaged(Path(sys.argv[1])), "warm")
    async with WorkerPool(PoolSettings(loader=LOADER, spares=0), warm_up=warm_up) as pool:
        await pool.ready()
        print(*(pid for pids in pool.pids().values() for pid in pids), flush=True)
        await asyncio.sleep(300)

asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize("frozen", [False, True])
def test_workers_end_with_a_server_that_is_killed(tmp_path, frozen):
    path = os.pathsep.join([str(ROOT), *(entry for entry in sys.path if entry)])
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path / "a")],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        pids = [int(pid) for pid in server.stdout.readline().split()]
        assert len(pids) == 2
        if frozen:  # one that hears nothing
            os.kill(pids[0], signal.SIGSTOP)
        server.kill()
    deadline = time.monotonic() + 20
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
