"""The loop: batches, steps, ranks, learning rate, history, and resuming where a kill struck.

In order: `determinism`, `schedule`, `batches` and `ranks` decide what a step sees; `stepper` takes
it, `learner` holds a network while it learns; `resume` and `work_folder` keep the state, `history`
the curves; `loop` is all of it. Knows no network of ours.
"""
