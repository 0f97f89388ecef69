"""What large corpora, many versions and long trainings cost (docs/scaling.md).

corpora     a corpus of noise and template sentences, as ingest leaves it
parts       the parts of the stages that are measured, each over such a corpus
plain       the straightforward ways that some of them were done before
measuring   one part in a process of its own: CPU time, memory
figures     all of them at several sizes, as a table
executors   where clips are heard: a plain loop, here, in processes, on Ray
"""
