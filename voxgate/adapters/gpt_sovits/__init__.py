"""Parts of the voice in `gpt_sovits_voice`: its reference, its threads, its streaming."""
