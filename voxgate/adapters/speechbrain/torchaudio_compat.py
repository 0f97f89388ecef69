"""Let torchaudio and SpeechBrain import where torchaudio's compiled extension cannot load.

pip may install a torchaudio that was built against CUDA beside a CPU build of PyTorch: `import
torchaudio` then fails on a missing CUDA library, although everything that SpeechBrain uses of it is
Python. The module `torchaudio._extension` only loads that extension and says what it found, so a
stand-in that found nothing is enough. Where the extension loads, nothing is replaced.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
from types import ModuleType
from typing import NoReturn

__all__ = ["import_torchaudio"]

_EXTENSION = "torchaudio._extension"


def import_torchaudio() -> ModuleType:
    """Import torchaudio, without its extension if that cannot load.

    Call it before the first import of speechbrain.

    Raises:
        ImportError: torchaudio is not installed.
    """
    try:
        return importlib.import_module("torchaudio")
    except OSError as error:
        logging.getLogger(__name__).info("torchaudio's extension cannot load: %s", error)
    # The failed import leaves the modules that it had finished; start over without them.
    for name in [n for n in sys.modules if n == "torchaudio" or n.startswith("torchaudio.")]:
        del sys.modules[name]
    sys.modules[_EXTENSION] = _stand_in()
    return importlib.import_module("torchaudio")


def _stand_in() -> ModuleType:
    module = ModuleType(_EXTENSION)
    module.__dict__.update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        _check_cuda_version=_no_cuda_version,
        fail_if_no_align=_fail_without_align,
        # importlib.util.find_spec() refuses a loaded module without a spec
        __spec__=importlib.util.spec_from_loader(_EXTENSION, loader=None),
    )
    return module


def _no_cuda_version() -> None:
    return None


def _fail_without_align(_function: object) -> object:
    """Replace a function that needs the extension, as torchaudio's own decorator does."""

    def fail(*_arguments: object, **_options: object) -> NoReturn:
        raise RuntimeError(
            "this torchaudio cannot run beside this build of PyTorch, so its C++ functions "
            "(forced_align) are absent; install the pair from PyTorch's own index"
        )

    return fail
