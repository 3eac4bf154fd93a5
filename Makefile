# `make demo` builds the AlexNet deck; `make test` runs all tests. Nothing else needs typing.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo decks test test-unit test-looks lint environments browser bench-align bench-engine bench-probe bench-render bench-scale bench-serve bench-site bench-slides clean

demo: environments
	@$(BIN)/abreast build alexnet

# Every deck of the library, each of its notebooks executed anew, and the page that lists them.
decks: environments .venv/.test browser
	@set -e; for deck in decks/*/deck.yml; do $(BIN)/abreast build $$deck --force; done
	@$(BIN)/abreast site

# Two processes share the tests, file by file: most of them wait for kernels and for Chromium.
test: environments .venv/.test browser lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-unit: .venv/.test
	$(BIN)/python -m pytest tests/unit

test-looks: .venv/.test browser
	$(BIN)/python -m pytest tests/browser/test_looks.py

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench-align: .venv/.test
	@$(BIN)/python -m tests.bench_align

bench-engine: .venv/.test
	@$(BIN)/python -m tests.bench_engine

bench-probe: .venv/.test environments
	@$(BIN)/python -m tests.bench_probe

bench-render: .venv/.test
	@$(BIN)/python -m tests.bench_render

bench-scale: .venv/.test
	@$(BIN)/python -m tests.bench_scale

bench-serve: .venv/.test browser
	@$(BIN)/python -m tests.bench_serve

bench-site: .venv/.test browser
	@$(BIN)/python -m tests.bench_site

bench-slides: .venv/.test browser
	@$(BIN)/python -m tests.bench_slides

environments: .venv/.installed
	@$(BIN)/abreast env install

browser: .venv/.test
	@$(BIN)/python tests/install_chromium.py

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/.installed: .venv/bin/python pyproject.toml hatch_build.py
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/.test: .venv/.installed
	$(BIN)/python -m pip install --quiet --group test --group lint
	@touch $@

clean:
	rm -rf .venv dist
