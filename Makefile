# The whole menu. A newcomer needs `make demo` and `make test`.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed

.PHONY: help demo demo-reset setup messages run test flows check fix bench docs

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: messages ## a rehearsed province to walk through, with a station; Ctrl-C ends it
	@$(PY) -m hoaban demo $(if $(PEOPLE),--people $(PEOPLE))

demo-reset: messages ## throw the demo away and begin anew
	@$(PY) -m hoaban demo --reset $(if $(PEOPLE),--people $(PEOPLE))

setup: $(STAMP) ## install the locked environment and compile the translations

$(STAMP): requirements.lock pyproject.toml scripts/setup.sh tests/eid/openid/package.json
	PYTHON=$(PYTHON) sh scripts/setup.sh $(VENV)
	touch $@

messages: $(STAMP)
	@$(PY) -m hoaban messages

run: messages ## serve the site and run the jobs
	$(PY) -m hoaban db migrate
	$(PY) -m hoaban serve

test: check ## every test
	$(PY) -m pytest -q -n 2 --dist loadgroup

flows: messages ## the stories in a real browser
	$(PY) -m pytest -q tests/flows

check: messages ## the shape of the code: layers, style, types, migrations
	$(VENV)/bin/ruff check hoaban tests benchmarks scripts
	$(VENV)/bin/ruff format --check hoaban tests benchmarks scripts
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy hoaban tests
	DJANGO_SETTINGS_MODULE=hoaban.site.settings $(PY) -W ignore::RuntimeWarning -m django makemigrations --check --dry-run

fix: $(STAMP) ## format and mend what can be mended by itself
	$(VENV)/bin/ruff check --fix hoaban tests benchmarks scripts
	$(VENV)/bin/ruff format hoaban tests benchmarks scripts

bench: messages ## the benchmarks; NAME=intake for one, SCALE=0.1 for a smaller one
	$(PY) -m benchmarks $(NAME) $(if $(SCALE),--scale $(SCALE))

docs: messages ## write docs/reference.md and the drawing of the rooms from the code
	$(PY) -m scripts.reference
