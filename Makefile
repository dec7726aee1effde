# The project's commands. `make run` and `make test` set themselves up: .venv from requirements.lock, with uv if it is
# there and pip otherwise.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := flows transforms expectations warehouse seeds tests benchmarks docs/examples
READY := $(VENV)/.ready
CONNECT := .venv-connect
SUPERSET := .superset/venv
SUPERSET_PINS := warehouse/bi/superset/requirements

.PHONY: help run report test test-slow check check-static format lock docs docs-connect screenshots chromium \
    measure measure-text measure-confidence measure-accuracy accept-figures bench-metrics bench-report \
    compiled-wheel test-compiled test-connect superset superset-export test-superset clean

# $(call environment,FOLDER): the packages that the first prerequisite locks, with uv if it is there and pip otherwise.
# The lock names everything, so nothing is resolved again: --no-deps.
define environment
@if command -v uv >/dev/null; then \
    test -d $(1) || uv venv --quiet --python "$$(command -v $(PYTHON))" $(1) && \
    uv pip install --quiet --python $(1)/bin/python --no-deps --require-hashes -r $< ; \
else \
    test -d $(1) || $(PYTHON) -m venv $(1) && \
    $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $< ; \
fi
endef

# $(call lock_with,PINS,OUTPUT): resolves pins into a lock with hashes (needs uv).
lock_with = uv pip compile $(1) --universal --python-version 3.11 --generate-hashes \
    --no-header --no-emit-index-url --no-emit-find-links --quiet --output-file $(2)

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: $(READY)  ## the main job: seeds/raw into data/warehouse.duckdb
	$(BIN)/paperhouse run

report: $(READY)  ## the report of data/, after a run on seeds/raw if there is no warehouse yet
	@test -e "$${PAPERHOUSE_DATA:-data}/warehouse.duckdb" || $(BIN)/paperhouse run --direct
	@$(BIN)/paperhouse report

chromium:  ## the browser that tests look with, from Debian's packages (needs root)
	@test -x /usr/bin/chromium || { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium; }

test: $(READY)  ## the tests, but for the slow ones
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

test-slow: $(READY)  ## tests that start servers or browsers, or take many runs
	$(BIN)/pytest -n 2 --dist loadfile -m slow

check: check-static test  ## format, lint, types and tests: what CI runs first

check-static: $(READY)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

format: $(READY)  ## format the code and mend what ruff can
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

docs: $(READY)  ## derive the data dictionary, Superset's datasets, and what the README's examples print
	$(BIN)/python -m warehouse.data_dictionary > docs/data_dictionary.md
	$(BIN)/python -m warehouse.bi.superset.datasets
	$(BIN)/python -m tests.readme

docs-connect: $(READY) $(CONNECT)/.ready  ## derive what the recipes of docs/connect.md print, and its notebook
	$(BIN)/python -m tests.connect.document

screenshots: $(READY) $(SUPERSET)/.ready chromium  ## docs/report.png and docs/superset.png, of the seed in Chromium
	$(BIN)/python -m tests.report_screenshot
	SUPERSET_SCREENSHOT=docs/superset.png $(BIN)/pytest tests/superset_server.py -k dashboard

measure-text: $(READY)  ## measure repairs, listings and links on ../shared into docs/text.md
	$(BIN)/python -m tests.measure_text

measure:  ## all that labelled papers say, in order: confidence, bars, docs/accuracy.md, README (needs ../shared)
	$(MAKE) measure-confidence
	$(MAKE) accept-figures
	$(MAKE) measure-accuracy
	$(MAKE) docs

measure-confidence: $(READY)  ## count on labelled papers how often each rule is right (needs ../shared)
	$(BIN)/python -m tests.measure_confidence

measure-accuracy: $(READY)  ## measure numbers and links against labelled papers into docs/accuracy.md (needs ../shared)
	$(BIN)/python -m tests.measure_accuracy

accept-figures: $(READY)  ## take today's accuracy as the bar that must not fall; after a change that was meant
	$(BIN)/python -m tests.accuracy

bench-metrics: $(READY)  ## time the reported metrics beside a peer into docs/benchmarks.md (needs ../shared)
	$(BIN)/python -m benchmarks.reported_metrics

bench-report: $(READY)  ## make and open the report of 100,000 papers, into docs/benchmarks.md (needs chromium; minutes)
	$(BIN)/python -m benchmarks.report

compiled-wheel: $(READY)  ## a wheel whose readers of sentences are translated to C, into dist/ (needs gcc; takes minutes)
	HATCH_BUILD_HOOKS_ENABLE=1 $(BIN)/python -m build --no-isolation --outdir dist

test-compiled: $(READY)  ## the compiled wheel gives the rows of the plain sources
	$(BIN)/pytest tests/compiled_wheel.py

test-connect: $(READY) $(CONNECT)/.ready  ## the recipes of docs/connect.md, in an environment of their own with duckdb 1.4
	$(BIN)/pytest tests/connect/recipes.py

superset: $(READY) $(SUPERSET)/.ready  ## Apache Superset over the warehouse, on loopback until Ctrl-C
	$(BIN)/python -m warehouse.bi.superset serve

superset-export: $(READY)  ## write charts that were changed in the Superset that runs into the bundle
	$(BIN)/python -m warehouse.bi.superset export

test-superset: $(READY) $(SUPERSET)/.ready chromium  ## a real Superset, SQL Lab and a browser over a warehouse of the seed
	$(BIN)/pytest tests/superset_server.py

lock:  ## resolve the pins of the project, the recipes and Superset again (needs uv)
	$(call lock_with,--all-extras --group dev pyproject.toml,requirements.lock)
	$(call lock_with,tests/connect/requirements.in,tests/connect/requirements.txt)
	$(call lock_with,$(SUPERSET_PINS).in,$(SUPERSET_PINS).txt) --no-annotate

clean:  ## remove the environments and what was built, not the data
	rm -rf $(VENV) $(CONNECT) $(SUPERSET) dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	$(call environment,$(VENV))
	@if command -v uv >/dev/null; then \
	    uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . ; \
	else \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ; \
	fi
	@touch $@

$(CONNECT)/.ready: tests/connect/requirements.txt
	$(call environment,$(CONNECT))
	@touch $@

$(SUPERSET)/.ready: $(SUPERSET_PINS).txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || \
	    { echo "Superset needs Python 3.11 or 3.12; make superset PYTHON=python3.12 names one"; exit 1; }
	$(call environment,$(SUPERSET))
	@touch $@
