# Two commands: `make run` serves the site, `make test` tests it. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run serve test test-all lint format migrations translations bench rehearse doctor audit backup clean
SHELL := /bin/bash
PORT ?= 8000
WORKERS ?= 2
ARGS ?=
# With COVERAGE=1 the tests also measure which branches run, and fail below the floor in pyproject.toml; about half more processor time.
COVERAGE ?=
PYTEST_OPTIONS = -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)
PY := .venv/bin/python
# Tests keep their temporary files in memory where 4 GB of it can be used as a disk: PostgreSQL empties its tables four times as fast there.
TEST_TMP = $(shell test "$$(df --output=avail -BG /dev/shm 2>/dev/null | tail -1 | tr -dc 0-9)" -ge 4 2>/dev/null && echo /dev/shm || echo "$${TMPDIR:-/tmp}")
PYTEST = TMPDIR=$(TEST_TMP) $(PY) -m
export PORT PYTHON
# The processes that tests and the site start read what the first one compiled.
unexport PYTHONDONTWRITEBYTECODE
# Installs what a target needs, if nothing is installed yet.
TOOLS = @test -x .venv/bin/ruff || requirements/install.sh test
SITE = @test -x .venv/bin/python || requirements/install.sh run

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

run:  ## set up what is missing and serve on http://127.0.0.1:8000/ (PORT=8080 changes it)
	@requirements/install.sh run
	@exec $(PY) manage.py serve --dev

test:  ## set up what is missing (Chromium too), then lint and run every test (ARGS="-k booking" passes options to pytest)
	@requirements/install.sh test
	@$(MAKE) --no-print-directory lint
	@echo "• Tests, on $(WORKERS) processes, in random order"
ifneq ($(COVERAGE),)
	@rm -rf var/coverage && mkdir var/coverage
	@$(PYTEST) coverage run -m pytest $(PYTEST_OPTIONS)
	@$(PY) -m coverage combine --quiet && $(PY) -m coverage report --fail-under=0 >var/coverage/report.txt
	@total=$$($(PY) -m coverage report --format=total); failed=$$?; echo "• Branch coverage: $$total % (var/coverage/report.txt)"; exit $$failed
else
	@$(PYTEST) pytest $(PYTEST_OPTIONS)
endif

test-all: test  ## the same, then every test once more as a site on several servers (PostgreSQL, Redis, S3): half an hour
	@echo "• Tests, with PostgreSQL, Redis and S3"
	@$(PYTEST) tests.scale_out $(PYTEST_OPTIONS)

lint:  ## check style, templates, imports, types and migrations
	$(TOOLS)
	@mkdir -p -m 750 var
	@echo "• Style"
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check . || { echo "✗ Not formatted. Run: make format"; exit 1; }
	@.venv/bin/djlint templates --lint --quiet || exit 1
	@echo "• Imports"
	@.venv/bin/lint-imports --no-cache >var/lint-imports.log 2>&1 || { cat var/lint-imports.log; exit 1; }
	@echo "• Types"
	@# Once more without its cache: after modules have moved, the cache of the Django plugin names them as missing.
	@.venv/bin/mypy >var/types.log 2>&1 || { rm -rf .mypy_cache; .venv/bin/mypy >var/types.log 2>&1; } || { cat var/types.log; exit 1; }
	@echo "• Migrations"
	@$(PY) manage.py makemigrations --check --dry-run >var/migrations.log 2>&1 || { cat var/migrations.log; echo "✗ Models have changed. Run: make migrations"; exit 1; }

format:  ## format Python code
	$(TOOLS)
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .

migrations:  ## write migrations for changed models
	$(TOOLS)
	@$(PY) manage.py makemigrations

translations:  ## collect new texts of code and templates in locale/ and compile the catalogues
	$(TOOLS)
	@$(PY) manage.py makemessages --verbosity 0
	@locale/compile.sh
	@msgfmt --statistics --output-file=/dev/null locale/id/LC_MESSAGES/django.po

bench:  ## run the measurements (bench/README.md)
	@requirements/install.sh bench
	@$(PY) -m bench $(ARGS)

rehearse:  ## install, verify, upgrade, back up and restore the site on bare Debian roots, as docs/operations.md says (root only)
	@deploy/rehearse.sh $(ARGS)

doctor:  ## check this installation and say what to do about problems
	$(SITE)
	@$(PY) manage.py doctor

audit:  ## look for known weaknesses of the packages and for secrets in the repository (asks osv.dev)
	$(TOOLS)
	@$(PY) requirements/audit.py

backup:  ## save database and files into var/backups/
	$(SITE)
	@$(PY) manage.py backup

clean:  ## delete generated files (.venv, caches, compiled files); the site's data in var/ stays
	@rm -rf .venv .ruff_cache .mypy_cache .pytest_cache .hypothesis .import_linter_cache node_modules locale*/*/LC_MESSAGES/*.mo
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "• Clean. Data in var/ was kept."
