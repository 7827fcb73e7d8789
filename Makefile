# Two commands for a newcomer: `make demo` and `make test`. Both do all set-up in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check lint types imports coverage wheel reference clean

demo: $(VENV)/.product
	@$(BIN)/tracker demo

test: $(VENV)/.dev
	$(BIN)/coverage run -m pytest -q

check: lint types imports test coverage wheel

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

# After `test`: branch coverage of what the tests ran.
coverage: $(VENV)/.dev
	$(BIN)/coverage combine --quiet || true
	$(BIN)/coverage report --fail-under=95 --skip-covered --skip-empty
	$(BIN)/coverage report --fail-under=100 --skip-covered --skip-empty --include='tracker/errors.py,tracker/domain/*,tracker/judging/*,tracker/projections/*,tracker/application/*,tracker/rendering/*'

# The built wheel in an empty environment: what `pip install story-tracker` gives.
wheel: $(VENV)/.dev
	$(BIN)/python tests/wheel/check_wheel.py

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
	rm -rf $(VENV) build dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
