"""From a long recording to utterances with texts: every sample of the input ends in one stretch.

In order: `spans` count samples; `stretches` is what becomes of each; `reasons` says why, and what
to do; `records` are the files of an import, `decisions` what people answered about its clips;
`composition` settles both into a manifest, `accounting` into a table. `order` is what is asked of
one recording, `instruments` listen, `watching` shows how far they are. `sound` finds speech, pauses
and what else is heard, `speakers` says who speaks, `words` what is said and where to cut.
`assembly` puts it together, `bench` are the steps for one recording, and `cutting` takes them.
Instruments come in as ports; nothing here writes data/.
"""
