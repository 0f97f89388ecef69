"""What is said, where it is cut, and whether the words are to be believed.

In order: `windows` are what a recogniser hears at once, `hearing` asks it; `given_texts` are
transcripts that exist already. `pieces`, `grouping` and `utterances` cut; `settling` gives words at
a cut to the side that says them; `third_hearing` decides where two hearings differ; `doubts` holds
them together; `transcription` is all of that. `placing` asks a second aligner, `agreement` holds
both together.
"""
