"""The five stages that dvc.yaml runs: ingest, validate, featurize, train, evaluate.

Each writes files only, into `build/STAGE`, and ends with `outcome.json`.
"""
