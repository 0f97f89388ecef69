"""Make the speech, the tokenizer and the base voice that ship with the project.

`sentences` writes texts, `teacher` reads them aloud (Kokoro-82M, 28 English voices), `generate`
stores the readings in shards and resumes after a crash, `pack` makes a small copy for a GPU
machine, `tokenizer` fits the codebook of speech tokens and probes it, `prepare` and `fit_base`
train both networks in runs that continue from each other, and `export_base` writes what ships.
"""
