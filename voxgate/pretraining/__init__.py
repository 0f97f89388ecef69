"""Make the data and the speech tokenizer that the shipped base voice is pretrained with.

`sentences` writes texts, `teacher` reads them aloud (Kokoro-82M, 28 English voices), `generate`
stores the readings in shards and resumes after a crash, `pack` makes a small copy for a GPU
machine, and `tokenizer` fits the codebook of speech tokens and probes it.
"""
