import multiprocessing
import threading

import pytest

from tests.fakes.served_voice import HOLD, LOADER, SPOKEN, expected, packaged, same, utterance
from voxgate.serving.pool.protocol import (
    SETUP_ORDER,
    Cancel,
    Done,
    Failed,
    Ready,
    Sentence,
    Setup,
    Speak,
)
from voxgate.serving.pool.worker import serve

PATIENCE_S = 20.0


class Line:
    """The pool's end of a worker that runs in a thread."""

    def __init__(self, setup: Setup) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.status: list[int] = []
        self.thread = threading.Thread(target=self._serve, args=(theirs, setup))
        self.thread.start()

    def _serve(self, theirs, setup: Setup) -> None:
        try:
            self.status.append(serve(theirs, setup))
        except OSError:  # as `main` does: the pool is gone
            self.status.append(0)

    def hear(self):
        assert self.pipe.poll(PATIENCE_S)
        return self.pipe.recv()

    def end(self) -> int:
        self.pipe.close()
        HOLD.set()
        self.thread.join(PATIENCE_S)
        return self.status[0]


@pytest.fixture
def say(tmp_path):
    HOLD.clear()
    SPOKEN.clear()
    voice = packaged(tmp_path / "a")
    yield lambda text: utterance(voice, text)
    HOLD.set()


def open_line(say, loader=LOADER) -> Line:
    return Line(Setup(loader=loader, warm_up=say("warm|up"), voices=1, polite=False))


def test_it_is_ready_once_it_has_spoken(say):
    line = open_line(say)
    ready = line.hear()
    assert isinstance(ready, Ready)
    assert SPOKEN == ["warm", "up"]
    assert ready.rss_bytes > 1 << 20
    assert ready.warm_up_s > 0
    assert line.end() == 0


def test_it_says_why_it_cannot_be_ready(say):
    line = open_line(say, "tests.fakes.served_voice:refuse")
    failed = line.hear()
    assert isinstance(failed, Failed)
    assert (failed.order, failed.error, failed.message) == (
        SETUP_ORDER, "TextError", "told to refuse",
    )  # fmt: skip
    assert line.end() == 1


def test_each_order_ends_with_one_answer(say):
    line = open_line(say)
    line.hear()
    for number, text in enumerate(["one|two", "", "one|break", "three"], start=1):
        line.pipe.send(Speak(order=number, utterance=say(text), first=0))
    heard = [line.hear() for _ in range(8)]
    assert [(type(one), one.order) for one in heard] == [
        (Sentence, 1), (Sentence, 1), (Done, 1), (Failed, 2), (Sentence, 3), (Failed, 3),
        (Sentence, 4), (Done, 4),
    ]  # fmt: skip
    assert same([one.spoken for one in heard[:2]], expected(say("one|two")))
    assert line.end() == 0


def test_a_cancellation_is_heard_at_the_next_sentence_and_holds_for_its_order(say):
    line = open_line(say)
    line.hear()
    line.pipe.send(Speak(order=1, utterance=say("hold|two|three"), first=0))
    while "hold" not in SPOKEN:  # a cancellation that came first would leave nothing to hear
        threading.Event().wait(0.01)
    line.pipe.send(Cancel(order=1))
    line.pipe.send(Speak(order=2, utterance=say("next"), first=0))
    threading.Event().wait(0.2)  # let it hear; it is at the first sentence
    HOLD.set()
    heard = [line.hear() for _ in range(4)]
    kinds = [(type(one), one.order) for one in heard]
    assert kinds == [(Sentence, 1), (Done, 1), (Sentence, 2), (Done, 2)]
    assert "two" not in SPOKEN
    assert line.end() == 0


def test_the_end_of_its_pipe_ends_it_at_the_next_sentence(say):
    line = open_line(say)
    line.hear()
    line.pipe.send(Speak(order=1, utterance=say("wait 0.3|two|three"), first=0))
    line.pipe.close()
    line.thread.join(PATIENCE_S)
    assert not line.thread.is_alive()
    assert "three" not in SPOKEN
