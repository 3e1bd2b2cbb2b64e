# Everything a person does here, by name. `make` alone lists it.
SHELL := /bin/sh
PYTHON_ENV := .venv/bin/python
DEPTRY := .venv/bin/deptry --config requirements/deptry.toml
SERVICES := people attendance sales scheduling notifications
FAST := tests/unit tests/use_cases tests/contract tests/architecture
ENGINES := tests/component tests/integration tests/e2e
# What `make k8s-test` runs, of those that ask a system that somebody else started
GIVEN_TESTS ?= tests/e2e/people/test_p2_register_person.py tests/e2e/gateway/test_g1_person_view.py \
	tests/e2e/notifications/test_n1_watch_a_person.py \
	tests/e2e/attendance/test_a8_record_entry.py tests/e2e/scheduling tests/e2e/sales/test_s1_create_opportunity.py \
	tests/e2e/sales/test_s11_quotes.py
COMPOSE ?= docker compose -f deploy/compose.yaml
COMPOSE_MONGO ?= mongodb://mongodb:27017/?replicaSet=rs0
# Processes of the tests that start nothing, and of the rest; each of the latter has a broker, an engine and services of its
# own. 0: one after another.
FAST_PROCESSES ?= 3
TEST_PROCESSES ?= 2

# Compiled once, and not by each of the many processes of a test run.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run clean-run test fast alerts-test lint format check bench chaos properties lock images sboms compose-up compose-down k8s-lint k8s-up k8s-test k8s-chaos k8s-scale

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z%-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## makes .venv when the locked requirements changed
	@sh deploy/setup.sh

run: setup ## runs the whole system here, with a demonstration; Ctrl-C stops it
	@exec $(PYTHON_ENV) -m deploy.local.run

clean-run: setup ## forgets the data, ports and secrets of `make run`
	@$(PYTHON_ENV) -m deploy.local.run --forget

test: fast ## every test but chaos and bench
	$(PYTHON_ENV) -m pytest $(ENGINES) -q -n $(TEST_PROCESSES) --dist load --durations 20

fast: setup ## the tests that start nothing: unit, use cases, contract, architecture
	$(PYTHON_ENV) -m pytest $(FAST) -q -n $(FAST_PROCESSES) --dist worksteal --durations 10

properties: setup ## each property of the fast tests 2,000 times, not 25 (some 20 minutes)
	$(PYTHON_ENV) -m pytest $(FAST) -q -m hypothesis --hypothesis-profile thorough -n $(FAST_PROCESSES) --dist worksteal --durations 10

test-%: setup ## a service's own: make test-sales
	@test -d tests/e2e/$* || { echo "nothing is called $*; there are: $$(ls tests/e2e | tr '\n' ' ')"; exit 1; }
	$(PYTHON_ENV) -m pytest tests/e2e/$* $(wildcard tests/component/$*) $(wildcard tests/unit/test_$*_*.py tests/use_cases/test_$*_*.py) \
		-q -n $(TEST_PROCESSES) --dist load --durations 10

alerts-test: setup ## the alert rules, by promtool (Debian's package prometheus)
	$(PYTHON_ENV) -m pytest tests/architecture/test_alerts.py -q -rs

lint: setup ## style and import rules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports

format: setup ## writes the style
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

check: lint ## lint, types, dead code, requirements
	.venv/bin/mypy services gateway deploy tests
	$(PYTHON_ENV) -m deploy.dead_code
	@for name in $(SERVICES); do $(DEPTRY) services/chassis services/$$name --requirements-files requirements/$$name.in || exit 1; done
	$(DEPTRY) gateway --requirements-files requirements/gateway.in
	$(DEPTRY) services gateway deploy tests --requirements-files requirements/dev.in

bench: setup ## measures throughput and latency; BASE=<revision>: operations of this tree against that one's
	@if [ -n "$(BASE)" ]; then $(PYTHON_ENV) -m tests.bench.against $(BASE); else $(PYTHON_ENV) -m tests.bench; fi
	@if [ -z "$(BASE)" ] && [ -n "$$MONGO_URI" ]; then $(PYTHON_ENV) -m tests.bench.people_growth; fi

chaos: setup ## kills, restarts, delays and poisons; shows what it finds
	$(PYTHON_ENV) -m pytest tests/chaos -s

lock: setup ## locks requirements/*.in anew
	@sh requirements/lock.sh

images: ## builds the images: deploy/README.md
	@sh deploy/images/build.sh

compose-up: setup ## starts the whole system with Docker: deploy/README.md
	@test -d deploy/compose/secrets || $(PYTHON_ENV) -W ignore -m deploy.installation --folder deploy/compose/secrets \
		--mongo '$(COMPOSE_MONGO)'
	$(COMPOSE) up --detach --wait

compose-down: ## stops it; the data stay
	$(COMPOSE) down

sboms: setup ## writes build/sbom/: what is in each image, as CycloneDX
	@sh deploy/images/sboms.sh

k8s-lint: setup ## renders k8s/ and checks it, and the Dockerfiles
	$(PYTHON_ENV) -m pytest tests/k8s -q
	@sh k8s/lint.sh

k8s-up: setup ## brings a development overlay up on the cluster of KUBECONFIG
	@sh k8s/up.sh

k8s-test: setup ## end-to-end tests against the system on the cluster of KUBECONFIG
	@sh k8s/with_ports.sh $(PYTHON_ENV) -m pytest -q -p no:cacheprovider $(GIVEN_TESTS)

k8s-chaos: setup ## restarts, kills and evicts on that cluster under load, and counts what was lost
	@sh k8s/with_ports.sh $(PYTHON_ENV) -m tests.cluster.disturb

k8s-scale: setup ## a service with a backlog, scaled out and in again by KEDA on that cluster
	@sh k8s/with_ports.sh $(PYTHON_ENV) -m tests.cluster.scaling
