import pytest

from voxgate.errors import ConfigError
from voxgate.serving.pool.devices import name_devices


def visible(*names: str, **environ: str) -> list[str]:
    return [device.visible for device in name_devices(names, environ)]


def test_the_processor_owns_no_device():
    assert name_devices(["cpu"], {}) == ()


def test_a_gpu_is_seen_by_its_number_or_as_this_process_sees_it():
    assert visible("cuda:0", "cuda:12") == ["0", "12"]
    assert visible("cuda:1", CUDA_VISIBLE_DEVICES="3, GPU-5a") == ["GPU-5a"]
    [device] = name_devices(["cuda:1"], {})
    assert device.environment["CUDA_VISIBLE_DEVICES"] == "1"


@pytest.mark.parametrize(
    ("names", "environ", "fault"),
    [
        (["cpu", "cuda:0"], {}, "cpu alone"),
        (["cuda"], {}, "'cuda': expected cpu alone, or GPUs such as cuda:0"),
        (["cuda:01"], {}, "cuda:01"),
        (["cuda:0", "cuda:0"], {}, "named twice"),
        ([], {}, "at least one"),
        (["cuda:1"], {"CUDA_VISIBLE_DEVICES": "0"}, "see 1 devices"),
        (["cuda:0"], {"CUDA_VISIBLE_DEVICES": ""}, "see 0 devices"),
    ],
)
def test_what_is_no_device_is_explained(names, environ, fault):
    with pytest.raises(ConfigError, match=fault):
        name_devices(names, environ)
