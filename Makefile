# `make demo` and `make test` are the two commands of the README; `make help` lists the rest.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := build/demo

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*?## "}; {printf "  %-14s %s\n", $$1, $$2}'

$(BIN)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

.PHONY: install
install: $(BIN)/.installed ## Create the environment and install Footnote with its tools

.PHONY: demo
demo: install ## Index the example articles and answer three questions
	@BIN=$(BIN) DATA=$(DEMO) examples/demo.sh

.PHONY: test
test: install ## Run the tests
	$(BIN)/python -m pytest -n auto -m 'not slow'

.PHONY: test-slow
test-slow: install ## Run the slow tests (kill at many moments, large inputs)
	$(BIN)/python -m pytest -n auto -m slow --timeout 1200

.PHONY: check
check: install ## Run ruff, mypy, the import contracts and the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto -m 'not slow'

.PHONY: format
format: install ## Put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: install ## Run the short benchmarks
	$(BIN)/python -m benchmarks.build --articles 1000
	$(BIN)/python -m benchmarks.query --passages 10000
	$(BIN)/python -m benchmarks.update --articles 1000

.PHONY: clean
clean: ## Delete what was built, except the environment
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
