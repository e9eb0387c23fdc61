# Two commands for a newcomer: `make demo` and `make test`. The rest is for those who build.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo demo-reset test chaos check words lock format bench understand-train understand-eval

PORT ?= 8080

demo: $(VENV)/.installed  ## phones in the browser, the real bot behind them, an invented fund
	@$(BIN)/carefund-bot demo --port $(PORT)

demo-reset:  ## forget the demo's data
	rm -rf demo-data

# Stories wait more than they compute: three workers a core.
test: $(VENV)/.installed-dev  ## all tests
	$(BIN)/python -m pytest -n 6 --dist loadfile --no-loadscope-reorder

SEED ?= $(shell date +%s)
KILLS ?= 600

chaos: $(VENV)/.installed-dev  ## kill the bot some hundred times under load, count, and write docs/chaos.md
	$(BIN)/python -m tests.chaos --seed $(SEED) --kills $(KILLS) --write docs/chaos.md

check: $(VENV)/.installed-dev  ## lint, types, translations, lock
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tools/words.py --check
	$(BIN)/python tools/lock.py --check

bench: $(VENV)/.installed-dev  ## figures beside the nearest thing that others would use; takes minutes
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.import_roll

words: $(VENV)/.installed-dev  ## gather new sentences into the English catalogue and compile it
	$(BIN)/python tools/words.py

lock: $(VENV)/.installed-dev  ## pin dependencies anew, with hashes
	$(BIN)/python tools/lock.py

understand-train: $(VENV)/.installed-dev  ## learn from carefund_bot/understanding/phrases
	$(BIN)/python tools/train_understanding.py

understand-eval: $(VENV)/.installed-dev  ## retrain and compare, then measure and write docs/understanding.md
	$(BIN)/python tools/train_understanding.py --check
	$(BIN)/python tools/evaluate_understanding.py

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	@echo "1/3 making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "2/3 installing the locked dependencies"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo "3/3 installing carefund-bot"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml $(VENV)/.installed
	@echo "installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
