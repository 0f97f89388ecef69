"""The composition root: the only place that picks an adapter for a port.

One module a concern, so that a stage depends only on the adapters that it runs (dvc.yaml lists the
modules of each stage). `evaluators`, `featurizers` and `data_checks` serve the stages; `workers`
says where they run, `executors`, `judged_voices` and `pooled_featurizers` build for workers;
`release` opens the desk, `checkout` a checkout with its desk; the others are for commands.
"""
