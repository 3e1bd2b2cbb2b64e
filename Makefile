# Everything a person does here, by name. `make` alone lists it.
SHELL := /bin/sh
PYTHON_ENV := .venv/bin/python
TESTS := tests/unit tests/use_cases tests/contract tests/architecture tests/integration tests/e2e
# a process a core, with a system of its own; the files go to whichever is free
TEST_PROCESSES ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run clean-run test lint format check bench chaos lock

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## makes .venv when the locked requirements changed
	@sh deploy/setup.sh

run: setup ## runs the whole system here, with a demonstration; Ctrl-C stops it
	@exec $(PYTHON_ENV) -m deploy.local.run

clean-run: setup ## forgets the data, ports and secrets of `make run`
	@$(PYTHON_ENV) -m deploy.local.run --forget

test: setup ## every test but chaos and bench
	$(PYTHON_ENV) -m pytest $(TESTS) -q -n $(TEST_PROCESSES) --dist loadfile --durations 20

lint: setup ## style and import rules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports

format: setup ## writes the style
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

check: lint ## lint, then types
	.venv/bin/mypy services gateway deploy tests

bench: setup ## measures throughput and latency on a running system
	$(PYTHON_ENV) -m tests.bench
	@if [ -n "$$MONGO_URI" ]; then $(PYTHON_ENV) -m tests.bench.people_growth; fi

chaos: setup ## kills, restarts, delays and poisons; shows what it finds
	$(PYTHON_ENV) -m pytest tests/chaos -s

lock: setup ## locks requirements/*.in anew
	@sh requirements/lock.sh
