# SPDX-License-Identifier: BSD-2-Clause
# Everything happens in a virtual environment of the tree's own; `make help` lists what.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
VENV ?= .venv
TESTS ?= tests
COUNT ?= 10000
CALLS ?= 1000000
SECONDS ?= 3600
FILES ?=
NAMES ?=
PYTEST_FLAGS ?= -q -n 2
BENCH_FLAGS ?= -q --benchmark-columns=median,iqr,rounds --figures .benchmarks/figures.json

RUN = $(VENV)/bin/python
PIP = PYTHONWARNINGS=ignore $(RUN) -m pip --disable-pip-version-check --quiet
SOURCES = pyproject.toml setup.py $(wildcard native/*.c native/*.h)

.DEFAULT_GOAL = help
.PHONY: help dev native check test browser-test cpython-tests suites sequences soak fuzz cov bench bench-check bench-peers bench-readme generated docs run clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 15

$(RUN):
	@test -n "$(PYTHON)" || { echo "sysent needs CPython 3.11 or later: make PYTHON=..." >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.test: $(SOURCES) | $(RUN)
	@$(PIP) install --editable '.[test]'
	@touch $@

$(VENV)/.dev: $(SOURCES) | $(RUN)
	@$(PIP) install --editable '.[test,dev,shell]'
	@touch $@ $(VENV)/.test

$(VENV)/.browser: $(SOURCES) | $(RUN)
	@$(PIP) install --editable '.[test,browser]'
	@touch $@ $(VENV)/.test

dev: $(VENV)/.dev ## set up .venv with all tools

native: $(VENV)/.test ## build the C helper in place, and say what serves
	@$(RUN) -c 'import native.genio' 2>/dev/null || $(PIP) install --editable '.[test]'
	@$(RUN) -c 'from native import genio; print("native helper:", genio.implementation)'

check: $(VENV)/.dev ## format, lint, types, layers, documents: before each commit
	@$(VENV)/bin/ruff format --check --quiet . || { echo "run: $(VENV)/bin/ruff format ." >&2; exit 1; }
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy
	@imports=$$($(VENV)/bin/lint-imports) || { echo "$$imports" >&2; exit 1; }
	@$(RUN) docs/relink.py --check
	@$(RUN) docs/syscalls.py --check

test: $(VENV)/.test ## run the tests (TESTS=tests/kern for some)
	@$(RUN) -m pytest $(PYTEST_FLAGS) $(TESTS)

browser-test: $(VENV)/.browser ## the page of `report` in headless Chromium (Debian: chromium, chromium-driver), or BROWSER=firefox (firefox-esr)
	@$(RUN) -m pytest -q tests/browser/report.py

cpython-tests: $(VENV)/.test ## CPython's own tests, in emulated processes (FILES=test_os for some)
	@$(RUN) -m tests.cpython $(FILES)

suites: $(VENV)/.test ## suites of packages of PyPI's, on the host and in emulated processes (NAMES=tinydb for some)
	@$(RUN) -m tests.suites $(NAMES)

sequences: $(VENV)/.test ## random calls against models and the host: files, then processes (COUNT=10000 SEED=1)
	@$(RUN) -m tests.vfsmodel $(COUNT) $(SEED)
	@$(RUN) -m tests.procmodel $(COUNT) $(SEED)

soak: $(VENV)/.test ## an hour of virtual time of a random workload, and no leak (SECONDS=3600 SEED=1)
	@$(RUN) -m tests.soak $(SECONDS) $(SEED)

fuzz: $(VENV)/.test ## any system calls with any registers (CALLS=1000000 SEED=1)
	@$(RUN) -m tests.fuzz $(CALLS) $(SEED)

cov: $(VENV)/.dev ## run the tests, show what they do not reach
	@$(RUN) -m coverage run -m pytest -q $(TESTS)
	@$(RUN) -m coverage report

bench: $(VENV)/.dev ## measure, against yardsticks of the same run
	@$(RUN) -m pytest $(BENCH_FLAGS) benchmarks

bench-check: $(VENV)/.dev ## measure, and fail if a bound is missed
	@$(RUN) -m pytest $(BENCH_FLAGS) --bounds benchmarks

bench-peers: $(VENV)/.dev ## install others of the kind, and measure a trivial call beside theirs
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get install -qq -y strace user-mode-linux >/dev/null; fi
	@test -x $(VENV)/peers/bin/python || $(RUN) -m venv $(VENV)/peers
	@$(VENV)/peers/bin/python -m pip --disable-pip-version-check --quiet install qiling
	@$(RUN) -m benchmarks.peers --qiling $(VENV)/peers/bin/python --json .benchmarks/peers.json

bench-readme: $(VENV)/.dev ## put what bench and bench-peers measured into benchmarks/README.md
	@$(PIP) install --editable '.[bench]'
	@$(RUN) -m benchmarks.readme .benchmarks/figures.json .benchmarks/peers.json

generated: $(VENV)/.test ## write what is made from the table, and line numbers in documents
	@$(RUN) -c 'from kernel.kern.makesyscalls import source; print(source(), end="")' \
		> .handlers.py && mv .handlers.py kernel/kern/handlers.py
	@$(RUN) docs/syscalls.py
	@$(RUN) -c 'from userland.libc.makestubs import interface; print(interface(), end="")' \
		> userland/libc/sys.pyi
	@$(RUN) -c 'from userland.libc.makeinclude import source; print(source(), end="")' \
		> .exports.py && mv .exports.py userland/libc/exports.py
	@$(RUN) docs/relink.py

docs: generated ## build the documentation: docs/_build/html/index.html, and manual pages
	@$(PIP) install --editable '.[docs]'
	@$(RUN) -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@$(RUN) -m sphinx -q -W --keep-going -b man docs docs/_build/man

run: $(VENV)/.test ## trace an example program, and print its trace
	@$(RUN) -m kernel run --ktrace ktrace.out examples/hello.py
	@$(RUN) -m kernel kdump -f ktrace.out

clean: ## remove what was built
	@rm -rf $(VENV) build dist docs/_build *.egg-info .ci/build ktrace.out
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@rm -f native/*.so native/*.o
	@find kernel userland native tests -name __pycache__ -prune -exec rm -rf {} +
