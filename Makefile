# Two commands do everything on a fresh machine: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint check lock messages clean

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: .venv/run ## demo contest, server and scheduler; prints the address and the demo sign-ins
	$(BIN)/python -m quiz.demo

test: .venv/dev ## every test on SQLite and PostgreSQL (browser tests where Chromium is installed)
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 4  # many tests wait for processes of their own; keeps what is compiled

lint: .venv/dev ## style, types, layers, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet

check: lint test ## everything that CI checks

lock: ## renew requirements*.txt from pyproject.toml (needs uv; a week's cool-down applies)
	uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 --no-header -o requirements.txt
	uv pip compile pyproject.toml --group dev --generate-hashes --universal --python-version 3.11 --no-header -c requirements.txt -o requirements-dev.txt

messages: .venv/dev ## gather the words of the pages into translations/ and compile them
	$(BIN)/pybabel -q extract -F translations/babel.cfg -k _l -k lazy_gettext --ignore-dirs '.*' --no-location --sort-output \
		--project=quiz -o translations/messages.pot .
	$(BIN)/pybabel -q update -i translations/messages.pot -d translations -l en --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date
	$(BIN)/pybabel -q compile -d translations

clean: ## remove the environment and the demo database
	rm -rf .venv var

.venv/run: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
