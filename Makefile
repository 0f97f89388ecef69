# The two commands are `make run` and `make test`; everything else serves them (`make help`).
# PYTHON is only used to create .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

export PATH := $(CURDIR)/$(BIN):$(PATH)
# Where it is set, every process that a test starts would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-slow coverage load campaign setup assets services postgres redis lint format types contracts ui serve clean

ifneq ($(filter zh ja,$(LANG)),)
run: setup
	@voxgate weights fetch
	@python -m scripts.text.run_language $(LANG)
else
run: setup assets  ## real recordings in, a release verdict out (LANG=zh or ja: synthetic ones)
	@voxgate run
endif

test: setup assets lint types contracts  ## everything but the slow tests
	@pytest -q -n 2 --dist loadfile

# In the order of their folders: the longest files are in end_to_end, and one left for last keeps a core idle.
test-slow: setup assets  ## full-size models, real servers, kill -9
	@pytest -q -m slow -n 2 --dist loadfile --no-loadscope-reorder

coverage: setup assets services  ## which lines both test commands reach; a third slower
	@PYTEST_ADDOPTS="--cov --cov-report=" $(MAKE) test
	@PYTEST_ADDOPTS="--cov --cov-append --cov-report=term" $(MAKE) test-slow

load: setup services  ## the speech service under load: make load ROOT=CHECKOUT [LOAD="--only L1 --scale 0.1"]
	@test -n "$(ROOT)" || { echo "say ROOT=CHECKOUT, with a released voice (docs/benchmarks.md)" >&2; exit 1; }
	@python -m scripts.load --root $(ROOT) --page docs/benchmarks.md $(LOAD)

services: postgres redis  ## what the slow tests start on loopback; needs root where it is missing

redis:
	@command -v redis-server >/dev/null || \
	  (apt-get update -q && apt-get install -qy --no-install-recommends redis-server)

postgres:  ## the ledger's other database, for the slow tests; needs root where it is missing
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  (apt-get update -q && apt-get install -qy --no-install-recommends postgresql)

lint: setup  ## formatting and lint, nothing changed
	@ruff format --check .
	@ruff check .

types: setup  ## mypy, strict, on both cores
	@mypy -n 2

contracts: setup  ## which module may import which, and the deps of dvc.yaml
	@lint-imports
	@python scripts/stage_dependencies.py --check

format: setup  ## format, and mend what ruff can
	@ruff format .
	@ruff check --fix .

setup: $(STAMP)  ## the locked packages in .venv

assets: setup  ## weights of the evaluators and the corpus, where they are missing
	@voxgate weights fetch
	@voxgate corpus fetch --if-missing

ui: setup  ## the researcher's view: MLflow on loopback, http://127.0.0.1:5000
	@voxgate ui

serve: setup  ## the voice that is live, over HTTP on loopback, http://127.0.0.1:8080
	@voxgate serve --anonymous

campaign: setup assets  ## the example campaign with the voice that is live, to its report
	@python -m scripts.campaign.example

# Not compiled here: that takes as long as installing all 32,000 modules, and Python compiles what it imports.
$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked packages into $(VENV) (1 to 3 minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(STAMP)

clean:  ## remove what runs made; keeps data/, .venv and the shared asset cache
	rm -rf build .voxgate .pytest_cache .mypy_cache .ruff_cache dvc.lock

help:  ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "%-10s  %s\n", $$1, $$2 }' Makefile
