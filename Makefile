# `make` alone lists the commands.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PORT ?= 8000
REGISTER ?= partnerships/data/tabriz
bin := .venv/bin
manage := $(bin)/python manage.py
catalogues := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

# Progress is told while it happens, even into a pipe.
export PYTHONUNBUFFERED := 1

.PHONY: help
help:  ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: port .venv/requirements.txt .env $(catalogues) var/static/staticfiles.json  ## Set up what is missing and serve the register (PORT=8000, REGISTER=folder of a first one, or nothing)
	@$(manage) prepare $(if $(REGISTER),--register $(REGISTER)) --first-account
	@echo "The register is at http://localhost:$(PORT)/ (Ctrl-C stops it)"
	@exec $(bin)/gunicorn --bind 127.0.0.1:$(PORT)

.PHONY: test
test: .venv/requirements-dev.txt $(catalogues)  ## Run every test: on SQLite, on PostgreSQL what a database can change, in a browser
	@scripts/test.sh

.PHONY: bench
bench: .venv/requirements.txt $(catalogues) var/static/staticfiles.json  ## Measure every page at three sizes on both databases (ARGS="--only browse")
	@scripts/bench.sh bench $(ARGS)

.PHONY: load
load: .venv/requirements-dev.txt $(catalogues) var/static/staticfiles.json  ## Let visitors, editors and a large import work at once on both databases
	@scripts/bench.sh concurrent_load $(ARGS)

# As in production: HTTPS, no debugging, and nothing from a .env that lies here.
lint: export SECRET_KEY := for-the-checks-alone-0123456789-abcdefghijklmnopqrstuvwxyz
lint: export ALLOWED_HOSTS := register.example
lint: export DATABASE_URL := sqlite://:memory:
lint: export DEBUG := False
lint: export HTTPS := True
.PHONY: lint
lint: .venv/requirements-dev.txt  ## Check style, migrations and the settings of production
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(manage) makemigrations --check --dry-run
	$(manage) check --deploy --fail-level WARNING

.PHONY: format
format: .venv/requirements-dev.txt  ## Bring the Python files into the project's form
	$(bin)/ruff check --fix
	$(bin)/ruff format

.PHONY: messages
messages: .venv/requirements.txt .env  ## Bring the catalogues in line with the texts in the code (needs gettext)
	$(manage) makemessages --all --no-location --no-wrap --no-obsolete --ignore=tests --ignore=var

.PHONY: requirements
requirements: .venv/requirements-dev.txt  ## Pin the newest packages that pyproject.toml allows
	$(bin)/pip install --quiet pip-tools
	$(bin)/pip-compile --quiet --upgrade --output-file requirements.txt pyproject.toml
	$(bin)/pip-compile --quiet --upgrade --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

.PHONY: clean
clean:  ## Remove the environment and what was built; .env, the database and uploads stay
	rm -rf .venv var/static .hypothesis .pytest_cache .ruff_cache $(catalogues)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Told before minutes of work rather than after them.
.PHONY: port
port:
	@if ! [[ "$(PORT)" =~ ^[0-9]{1,5}$$ ]]; then \
	  echo "PORT is a number: make run PORT=8001" >&2; exit 1; \
	fi
	@if (exec 3<>/dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null; then \
	  echo "Port $(PORT) is in use. Choose another one: make run PORT=8001" >&2; exit 1; \
	fi

# The copy in .venv tells what is installed there.
.venv/requirements.txt .venv/requirements-dev.txt: .venv/%: % scripts/environment.sh
	@scripts/environment.sh $<

.env:
	@echo "Writing .env: a new secret key and the settings of a register on this machine alone"
	@umask 077; printf '%s\n' \
	  "# Written by 'make run' for this machine alone; .env.example explains every setting." \
	  "SECRET_KEY=$$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')" \
	  "ALLOWED_HOSTS=localhost,127.0.0.1" \
	  "HTTPS=False" \
	  "LOG_LEVEL=WARNING" > $@

%.mo: %.po | .venv/requirements.txt
	@echo "Compiling $<"
	@$(bin)/pybabel --quiet compile --input-file $< --output-file $@

var/static/staticfiles.json: .venv/requirements.txt $(shell find static) | .env
	@echo "Collecting the static files"
	@$(manage) collectstatic --noinput --verbosity 0
