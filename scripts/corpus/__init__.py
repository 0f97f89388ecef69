"""An hour without a list, whose truth is known, and what an import makes of it.

In order: `packages` names the sound packages; `edges` finds speech in a clip; `clips` reads them;
`sounds` makes tones, music and noise; `room` adds echo and what sounds under everything; `truth` is
what is said where; `plan` draws what follows what; `encoding` writes lossy copies; `hour` builds
the recording. `spelling` mends its texts; `wording` makes texts comparable; `cuts` is what an
importer made; `baseline` is the plain way of making them; `assignment` finds each true word's place
in the cuts; `edge_errors` and `measures` count; `watching` measures a command; `table` shows all;
`score` prints it of one import; `figures` runs everything. `agreement` spoils texts on purpose and
counts how many of them two aligners doubt.
"""
