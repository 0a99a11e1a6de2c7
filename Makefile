# make run and make test each do all the set-up that they need; a second call finds it done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The versions last tested. `make run CONSTRAINTS=` takes the newest ones instead.
CONSTRAINTS := constraints.txt
INSTALL = $(BIN)/python -m pip install --quiet $(CONSTRAINTS:%=--constraint %)

.PHONY: run test test-lowest constraints lint browser screenshots attack clean

run: $(VENV)/.run
	$(BIN)/streamlit run ui/server.py

test: $(VENV)/.dev browser postgres lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

# .pre-commit-config.yaml runs the same four.
lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The oldest versions that requirements.txt allows, on the oldest Python.
OLDEST ?= python3.10
test-lowest:
	$(OLDEST) -m venv .venv-lowest
	sed 's/>=/==/' requirements.txt > .venv-lowest/requirements.txt
	.venv-lowest/bin/python -m pip install --quiet --requirement .venv-lowest/requirements.txt 'pytest>=9' 'playwright>=1.55' pytest-xdist hypothesis statsmodels 'psycopg[binary]>=3.3' axe-playwright-python
	.venv-lowest/bin/python -m pytest -n 2 --dist loadfile

# Renews constraints.txt: the newest versions that requirements*.txt allow, in a fresh environment, once all tests have passed with them.
# On the oldest Python that the newest versions still support.
LATEST := .venv-latest
constraints:
	rm -rf $(LATEST)
	$(MAKE) --no-print-directory test PYTHON=python3.11 VENV=$(LATEST) CONSTRAINTS=
	{ echo "# The versions last tested, on $$($(LATEST)/bin/python --version). Written by make constraints."; \
		$(LATEST)/bin/python -m pip freeze --local --exclude-editable | sed -n 's/^[^ @]*==.*/& ; python_version >= "3.11"/p'; \
	} > constraints.txt

# The large dose of tests/attack; its table stands in bench/RESULTS.md.
attack: $(VENV)/.dev postgres
	$(BIN)/python bench/attack.py

screenshots: $(VENV)/.dev browser
	$(BIN)/python bench/screenshots.py

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.run: requirements.txt $(CONSTRAINTS) | $(BIN)/python
	$(INSTALL) --requirement requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt $(CONSTRAINTS) | $(BIN)/python
	$(INSTALL) --requirement requirements-dev.txt
	@touch $@ $(VENV)/.run

# A Chromium that is there, Debian's package, or playwright's own, in this order.
browser: $(VENV)/.dev
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || $(MAKE) --no-print-directory install-browser

.PHONY: install-browser
install-browser:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
		$(BIN)/playwright install chromium; \
	fi

# The tests of the store start a PostgreSQL of their own. Only root can install it; without it those tests are skipped.
.PHONY: postgres
postgres:
	@if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	fi

clean:
	rm -rf $(VENV) .venv-lowest $(LATEST)
