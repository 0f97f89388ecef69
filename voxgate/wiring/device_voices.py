"""What the owner of a GPU loads: a voice that was measured there, and speaks within that.

As a program it measures a voice on the one GPU that it sees, and prints what it needs as JSON:

    CUDA_VISIBLE_DEVICES=1 python -m voxgate.wiring.device_voices FOLDER PRECISION ROOT
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import cast

from models.gpt_sovits.s1.linear_forms import Precision
from voxgate.adapters.gpu.longest import speaking_longest
from voxgate.adapters.gpu.memory import GpuMemory, compute_repeatably
from voxgate.errors import ConfigError, VoiceError, VoxgateError
from voxgate.serving.pool.device_memory import AdmittedVoice, DeviceMemory, in_memory, require_room
from voxgate.serving.pool.devices import SEEN_DEVICE
from voxgate.serving.pool.measuring import measure_sizes
from voxgate.serving.pool.memory_budget import MeasuredMemory, UnmeasuredError
from voxgate.serving.pool.memory_table import MEASURE, MeasuredVoice, MemoryTable
from voxgate.stage import Workspace
from voxgate.voice.card import card_digest, read_voice_card
from voxgate.wiring.served_voices import load_served_voice
from voxgate.wiring.speech_devices import memory_file

__all__ = ["load_device_voice", "measure_device_voice", "require_measured"]

_WORDS = {
    "en": "this voice is ready to speak about a table by the window at seven",
    "zh": "这个 声音 准备 好 了 可以 谈谈 七点 靠 窗 的 那张 桌子",
    "ja": "この 声 は 七時 に 窓 の そば の 席 に ついて 話す 準備 が できました",
    "yue": "呢把 聲 準備 好 喇 可以 講 七點 近 窗 嗰張 枱",
    "ko": "이 목소리는 일곱 시에 창가 자리에 대해 말할 준비가 되었습니다",
}


def load_device_voice(
    folder: Path, *, threads: int, precision: Precision, root: Path
) -> AdmittedVoice:
    """Load a voice package on the one GPU that this process sees.

    Raises:
        ConfigError: there is no GPU, or the table is damaged.
        UnmeasuredError: the voice was not measured on this kind of device.
        DeviceMemoryError: it does not fit now.
        VoiceError: the precision is not one of GPUs, or as `load_voice`.
        WeightsError: as `load_voice`.
    """
    if precision == "int8":
        raise VoiceError("int8 is for processors; ask for a preset of another precision")
    compute_repeatably()
    memory = GpuMemory(SEEN_DEVICE)
    table = MemoryTable.read(memory_file(Workspace(root)))
    measured = require_measured(table, folder, precision=precision, memory=memory)
    require_room(memory, measured.loaded_bytes, f"the voice {measured.voice[:12]}")
    voice = in_memory(
        memory,
        lambda: load_served_voice(
            folder, threads=threads, precision=precision, root=root, device=SEEN_DEVICE
        ),
        f"loading the voice {measured.voice[:12]}",
    )
    return AdmittedVoice(voice=voice, measured=measured, memory=memory)


def require_measured(
    table: MemoryTable, folder: Path, *, precision: str, memory: DeviceMemory
) -> MeasuredVoice:
    """Return what was measured of a voice on this kind of device.

    Raises:
        UnmeasuredError: nothing was.
    """
    digest = card_digest(folder)
    measured = table.find(digest, precision=precision, device=memory.name)
    if measured is None:
        raise UnmeasuredError(
            f"the voice {digest[:12]} was not measured at {precision} on {memory.name}; run "
            f"`{MEASURE} cuda:N --version V --precision {precision}` before it is served there"
        )
    return measured


def measure_device_voice(folder: Path, *, precision: Precision, root: Path) -> MeasuredVoice:
    """Measure a voice package on the one GPU that this process sees, which must hold nothing else.

    Raises:
        ConfigError: there is no GPU, or there are no words in the voice's language.
        VoiceError, WeightsError: as `load_voice`.
    """
    language = read_voice_card(folder).language
    if language not in _WORDS:
        raise ConfigError(str(folder), [f"no words to measure a voice of language {language!r}"])
    compute_repeatably()
    memory = GpuMemory(SEEN_DEVICE)
    voice = load_served_voice(folder, threads=1, precision=precision, root=root, device=SEEN_DEVICE)
    loaded_bytes = memory.used_bytes()
    longest = speaking_longest(voice)
    return MeasuredVoice(
        voice=card_digest(folder),
        precision=precision,
        device=memory.name,
        loaded_bytes=loaded_bytes,
        prompt_phones=len(longest.reference.prompt_phones),
        memory=MeasuredMemory(sizes=measure_sizes(longest, memory, _WORDS[language].split())),
    )


def main() -> int:
    """Measure the voice that the command line names; why it cannot be is told on stderr."""
    folder, precision, root = sys.argv[1:]
    try:
        measured = measure_device_voice(
            Path(folder), precision=cast("Precision", precision), root=Path(root)
        )
    except VoxgateError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(measured.as_document()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
