# What one does here, each target in one line; `make` alone lists them. Python 3.11 to 3.14 and make are enough.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
READY := .venv/.synced
ARGS ?=
# tests and bench start hundreds of Pythons, each of which would compile all that it imports
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup up demo test lint format types layers wheels vendor licences score train bench chaos compose-smoke check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make .venv with the locked packages (PYTHON=… chooses the interpreter)

$(READY): uv.lock pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" .ci/setup

up: $(READY) ## start everything on this machine, without Docker (ARGS=… are passed on)
	@$(BIN)/yinqi up $(ARGS)

demo: $(READY) ## see the whole chain at work; ARGS=--once ends when every alert has come
	@$(BIN)/yinqi demo $(ARGS)

test: $(READY) ## run the tests (ARGS=… are passed on to pytest)
	@$(BIN)/pytest -m 'not chaos' $(ARGS)

chaos: $(READY) ## run the tests that kill workers, brokers and databases
	@$(BIN)/pytest -m chaos $(ARGS)

lint: $(READY) ## look for slips and for layout that differs from the house's
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY) ## lay the code out and mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(READY) ## check the types (mypy strict)
	@$(BIN)/mypy

layers: $(READY) ## check who imports whom
	@$(BIN)/lint-imports

wheels: $(READY) ## check that every locked run-time package has a wheel for every platform
	@$(BIN)/python .ci/check_wheels.py

vendor: $(READY) ## bring the scripts of others that the dashboard uses, as pinned (needs npm)
	@$(BIN)/python .ci/vendor.py

licences: $(READY) ## check the licences of the installed packages
	@$(BIN)/python .ci/check_licences.py

check: lint types layers wheels licences test ## all of the checks that need no Docker

score: $(READY) ## score the extractor on the gold sets, where they are there
	@$(BIN)/yinqi score $(ARGS)

train: $(READY) ## train all that is learnt and cross-validate it (ARGS="judge --measure" runs one step and writes nothing)
	@$(BIN)/python -m train $(ARGS)

bench: $(READY) ## measure speed and memory
	@$(BIN)/python -m bench $(ARGS)

compose-smoke: $(READY) ## bring the Docker stack up from a fresh clone and see alerts arrive
	@$(BIN)/python -m tests.compose.smoke $(ARGS)
