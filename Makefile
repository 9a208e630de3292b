# A fresh machine needs Python 3.11 or later, pip and make; everything else is installed here.
PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal
# What needs a browser for a whole story, processes of its own, or the demo council: one test in ten, half of the time.
END_TO_END := $(addprefix tests/, bench forecast journeys permissions replay shell \
	store/crashes/test_the_demo_is_moved.py web/records/test_the_report_agrees_with_history.py)
ARGS ?=

# An office's own certificate authority stands in the system's store, not in those that uv and Node.js carry.
export UV_SYSTEM_CERTS := true
export NODE_USE_SYSTEM_CA := 1

# Tests start apflow some hundred times: compiling its modules anew at each start would be most of the wait.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install assets browser demo serve test test-end-to-end test-slow test-all mining check format bench reference lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

install: .venv/installed assets ## everything needed to run and test, into .venv

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("apflow needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@if ! $(BIN)/uv --version >/dev/null 2>&1; then \
		echo "Creating .venv"; \
		$(PYTHON) -m venv --clear .venv; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -oE '^uv==[0-9.]+' requirements.lock)"; \
	fi
	@echo "Installing the packages of requirements.lock"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q apflow
	@touch $@

assets: .venv/installed ## the stylesheets and scripts that pages use, from npm
	@$(BIN)/python -m apflow.web.assets

browser: ## Debian's Chromium, for the browser tests
	@if [ -x /usr/bin/chromium-headless-shell ] && [ -d /usr/share/fonts/truetype/liberation ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium and Liberation fonts from Debian"; \
		export DEBIAN_FRONTEND=noninteractive; \
		install="apt-get -qq install --yes --no-install-recommends fonts-liberation"; \
		if apt-get -qq -o Acquire::http::Timeout=20 update >/dev/null; then \
			$$install chromium-headless-shell >/dev/null || $$install chromium >/dev/null; \
		fi; \
	fi; \
	if [ ! -x /usr/bin/chromium-headless-shell ] && [ ! -x /usr/bin/chromium ]; then \
		echo "*** NO CHROMIUM: tests marked 'browser' are skipped (and fail in CI)."; \
		echo "*** On Debian or Ubuntu: apt-get install chromium-headless-shell fonts-liberation"; \
	fi

demo: install ## a believable council in a new database, with everything running
	@$(BIN)/apflow demo $(ARGS)

serve: install ## the web application, timers and mail
	@$(BIN)/apflow serve $(ARGS)

test: install browser ## the tests of the parts, for every day
	@$(PYTEST) -m "not slow" --ignore tests/mining $(END_TO_END:%=--ignore %) $(ARGS)

test-end-to-end: install browser ## stories in a browser, the commands, several processes, the demo council
	@$(PYTEST) -m "not slow" $(END_TO_END) $(ARGS)

test-slow: install browser ## the slow tests only; having none is no failure (pytest's exit 5)
	@$(PYTEST) -m slow --timeout 900 $(ARGS) || [ $$? -eq 5 ]

test-all: test test-end-to-end test-slow mining ## every test

# pm4py is large and under the AGPL: it reads a file in a Python of its own, and is no part of what is served or shipped.
.venv-mining/installed: requirements-mining.lock
	@$(PYTHON) -m venv --clear .venv-mining
	@$(BIN)/uv pip sync --quiet --python .venv-mining/bin/python --require-hashes requirements-mining.lock
	@touch $@

mining: install .venv-mining/installed ## the event log read by pm4py
	@$(PYTEST) tests/mining

check: install ## format, lint, types, layers and the workflow files; no tests
	@$(BIN)/ruff format --check --output-format concise .
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/apflow check

format: install ## lay the code out, and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: install ## how fast it is, beside raw SQL on the same disk (ARGS="--quick" for a look, "--help" for more)
	@$(BIN)/python -m bench $(ARGS)

reference: install ## docs/reference.md, made anew from the language's own models
	@$(BIN)/apflow schema --reference > docs/reference.md

lock: ## choose versions anew within pyproject.toml's ranges (ARGS="--upgrade" for the newest)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-config --custom-compile-command "make lock" --group dev $(ARGS) \
		pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-config --custom-compile-command "make lock" --group mining $(ARGS) \
		--output-file requirements-mining.lock

clean: ## remove all that was installed or made here
	@rm -rf .venv .venv-mining .build apflow/web/static/vendor dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find apflow tests -name __pycache__ -type d -prune -exec rm -rf {} +
