# Two commands do everything: `make run` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
export DAGSTER_DISABLE_TELEMETRY := 1
export GX_ANALYTICS_ENABLED := false

.PHONY: run test mutations dev format lock clean

run: $(VENV)/.ready-to-run  ## the sample district, end to end
	$(BIN)/duikou run data/raw

test: $(VENV)/.ready-to-test  ## format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2

mutations: $(VENV)/.ready-to-test  ## the law of ingestion on 20,000 mutated files; prints files, rows, rows unaccounted for
	DUIKOU_MUTATIONS=$${DUIKOU_MUTATIONS:-20000} $(BIN)/pytest -n 2 tests/ingest/test_law.py

dev: $(VENV)/.ready-to-run  ## the Dagster UI at http://127.0.0.1:3000
	mkdir -p .dagster && cp pipelines/dagster.yaml .dagster/dagster.yaml
	DAGSTER_HOME=$(CURDIR)/.dagster $(BIN)/dagster dev -m pipelines.definitions

format: $(VENV)/.ready-to-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/bin/uv  ## resolve the exact versions anew
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url -q -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url -q -c requirements.txt -o requirements-test.txt

clean:
	rm -rf $(VENV) reports/published data/warehouse/duikou.duckdb* .dagster

$(VENV)/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; found " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.ready-to-run: requirements.txt pyproject.toml | $(VENV)/bin/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r requirements.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	touch $@

$(VENV)/.ready-to-test: requirements-test.txt $(VENV)/.ready-to-run
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r requirements-test.txt
	touch $@
