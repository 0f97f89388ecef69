import json

from voxgate.adapters.gpu import kind
from voxgate.errors import ConfigError


def test_it_says_what_the_device_is_called(monkeypatch, capsys):
    class Acme:
        def __init__(self, device: str) -> None:
            self.name = f"Acme One, called {device}"

    monkeypatch.setattr(kind, "GpuMemory", Acme)
    assert kind.main() == 0
    assert json.loads(capsys.readouterr().out) == {"kind": "Acme One, called cuda:0"}


def test_it_says_why_there_is_none(monkeypatch, capsys):
    def none(device: str) -> None:
        raise ConfigError("device", ["finds 0 GPUs"])

    monkeypatch.setattr(kind, "GpuMemory", none)
    assert kind.main() == 1
    heard = capsys.readouterr()
    assert (heard.out, "finds 0 GPUs" in heard.err) == ("", True)
