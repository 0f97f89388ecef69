"""Evaluations: set-up, evidence, thresholds, takes, calibration, drill, rescoring, observing."""
