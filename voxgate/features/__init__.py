"""What training reads: phones, tokens, splits and the reference clip, made of accepted clips.

In order: `readings` (texts) and `token_batches` (audio) are computed here or by workers, on
`one_thread`; `clip_features`, `phonemiser`, `speaker_vectors` and `text_features` compute;
`accepted_clips`, `splits`, `reference_clip` choose; `training_set` puts together; `feature_files`
writes; `clips` reads it back for training.
"""
