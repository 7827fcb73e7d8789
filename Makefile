# Two commands for a newcomer: `make demo` and `make test`. Both do all set-up in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check lint types imports coverage wheel docs reference clean

demo: $(VENV)/.product
	@$(BIN)/tracker demo

# The tests wait more than they compute: a process a core takes half the time. A file's tests stay together, and the files
# in the order of tests/conftest.py.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=

check: lint types imports test coverage wheel

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

# After `test`: branch coverage of what the tests ran in their own process (the worker, the demo and most commands are
# tested as processes of their own, which is not measured).
PURE := tracker/errors.py,tracker/domain/*,tracker/judging/*,tracker/projections/*,tracker/application/*,tracker/rendering/*

coverage: $(VENV)/.dev
	$(BIN)/coverage report --fail-under=93 --skip-covered --skip-empty
	$(BIN)/coverage report --fail-under=98 --skip-covered --skip-empty --include='$(PURE)'

# The built wheel in an empty environment: what `pip install story-tracker` gives.
wheel: $(VENV)/.dev
	$(BIN)/python tests/wheel/check_wheel.py

# The documentation as a site, in site/. `make test` builds it, too, and checks it.
docs: $(VENV)/.dev
	$(BIN)/mkdocs build --strict

reference: $(VENV)/.dev
	$(BIN)/python docs/make_reference.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade 'pip>=25.1'

$(VENV)/.product: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --constraint constraints.txt --editable . --group dev
	@touch $@ $(VENV)/.product

clean:
	rm -rf $(VENV) build dist site .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
