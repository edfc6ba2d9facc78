# Everything runs in .venv, which `make install` keeps up to date. The project needs Python 3.11 and nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install demo test lint format docs bench faults clean

PYTHON ?= $(shell for program in python3.11 python3; do \
	$$program -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$program && break; done)
BIN := .venv/bin
STAMP := .venv/.installed
MINUTES ?= 2
WORKERS ?= 4

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

install: $(STAMP) ## make .venv with everything in it, at the versions of constraints.txt

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@echo "installing into .venv: this takes a minute or more"
	$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: install ## send the sample stream through real workers and print what they found
	$(BIN)/clusterer demo

# Most of the time of the tests goes into waiting for processes that they start, hence more workers than cores. All those processes share
# what Python compiled, also on machines that are told to write none of it.
test: install ## run all tests, in four processes; in one, for pdb: make test WORKERS=0
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: install ## style, types, import contracts, and whether the locked dependencies fit together
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pip check --disable-pip-version-check

format: install ## put the sources into the form that make lint expects
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: install ## build the pages of docs/ as a site in site/
	$(BIN)/zensical build --strict --config-file mkdocs.yml

bench: install ## measure throughput
	$(BIN)/python -m benchmarks.throughput

faults: install ## kill processes at random while articles flow, and send 10,000 generated requests and 5,000 articles: make faults MINUTES=60
	FAULT_MINUTES=$(MINUTES) $(BIN)/python -m pytest tests/faults
	CLUSTERER_TEST_EXAMPLES=200 $(BIN)/python -m pytest tests/e2e/test_openapi.py
	CLUSTERER_TEST_ARTICLES=5000 $(BIN)/python -m pytest tests/e2e/test_generated_articles.py

clean: ## remove what make and the tools made, .venv included; data folders stay
	rm -rf .venv build dist site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
