# `make run` starts the app, `make test` runs all tests; both set up what they need first.
PORT ?= 8501
CHATS ?= 1000000
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check format bench bench-peers backup words sample screenshots clean

run: .venv/app
	$(BIN)/python -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

test: .venv/dev
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m pytest -n 2

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(MAKE) test

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/app
	$(BIN)/python -m benchmarks --chats $(CHATS)

bench-peers: .venv/dev
	$(BIN)/python -m benchmarks.peers --chats $(CHATS)

backup: .venv/app
	$(BIN)/python -m lib.store backup

words: .venv/app
	$(BIN)/python -m lib.language

sample: .venv/app
	$(BIN)/python -m lib.sample data/sample.jsonl.gz

screenshots: .venv/dev
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache

.venv/app: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Chat History needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt .venv/app
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
