# Everything a developer or an evaluator types. No root, no Docker: Python 3.11 is enough.

PORT ?= 8000
CASES ?= 300
WORKERS ?= logical
REQUIRE ?=
PYTHON ?= python3

PY := .venv/bin/python
BIN := .venv/bin
export REQUIRE

.DEFAULT_GOAL := help
.PHONY: help install demo test check format bench screenshots lock clean

help: ## What there is to type
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

install: .venv/.runtime .venv/.dev ## Make .venv from the lock files

demo: .venv/.runtime ## From nothing to a running city [PORT=8000] [CASES=300]
	@exec $(PY) manage.py demo --port $(PORT) --cases $(CASES)

test: .venv/.dev ## The tests [REQUIRE=all: a missing service fails] [WORKERS=n]
	$(PY) -m pytest -n $(WORKERS)

check: .venv/.dev ## Format, lint, types, imports, migrations, translations, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --check backoffice/pages/templates
	$(BIN)/djlint --quiet --lint backoffice/pages/templates
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py docs --check
	$(PY) -m pytest -q -m static tests/architecture
	$(BIN)/mypy

format: .venv/.dev ## Put code and templates into their form
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .
	$(BIN)/djlint --quiet --reformat backoffice/pages/templates

bench: .venv/.dev ## The benchmarks; writes docs/benchmarks.md and docs/benchmarks.json
	$(PY) manage.py bench

screenshots: .venv/.dev ## The pictures of docs/screens, from a demo city of their own
	$(PY) -m tests.screenshots

lock: ## Renew the lock files (needs uv) [UPGRADE=--upgrade]
	uv pip compile $(LOCKED) $(UPGRADE) requirements/runtime.in -o requirements/runtime.lock
	uv pip compile $(LOCKED) $(UPGRADE) requirements/dev.in -o requirements/dev.lock

clean: ## Remove what was made here: .venv, caches; var/ with the demo's data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.venv/.runtime: requirements/runtime.lock | .venv/bin/python .venv/bin/laufmappe-portal
	@echo "Installing what the application needs (once, one to two minutes) ..."
	@$(PIP) -r $<
	@touch $@

# The client of the portal API as a command.
.venv/bin/laufmappe-portal: | .venv/bin/python
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/$(PY)" -m api.client "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $@
	@chmod +x $@

.venv/.dev: requirements/dev.lock .venv/.runtime
	@echo "Installing what tests and checks need (once) ..."
	@$(PIP) -r $<
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
