"""What a voice is: its package on disk, its card, and the frozen networks its tokens mean.

In order: `card` (voice.json, typed; without torch), `speech_tokenizer` and `speaker_vectors`
(protocols of the frozen networks), `package` (the folder of a voice), `replay` (recordings that
stand in for one). Imports corpus, text and audio at most.
"""
