"""The workshop: makes the speech, the tokenizer and the base voice that ship with the project.

It runs in a checkout and is no part of the wheel. `speech`: sentences, the teacher that reads them
aloud (Kokoro-82M, 28 English voices), shards that grow and resume after a crash, a small copy to
carry. `tokenizer`: the codebook of speech tokens, and the probe that judges it. `base`: both
networks of `mini`, trained in runs that continue from each other, and the files that ship.
`spelling`: the model of the text front end. `data`: words and templates of the sentences.
"""
