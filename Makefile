# The two commands are `make run` and `make test`; everything they need they set up themselves.
#   make run                 the demonstration, on http://localhost:8000
#   make run LEDGER=my.fec   the same with your own ledger
#   make run PORT=8080       on another port
#   make test                every check, on SQLite, then on PostgreSQL where a server answers

PYTHON ?= python3
PORT ?= 8000
LEDGER ?=
BIN := .venv/bin

.PHONY: run test bench check clean setup setup-test locks

run: setup
	@$(BIN)/exigible demo --port $(PORT) $(if $(LEDGER),--ledger "$(LEDGER)")

test: setup-test
	@$(BIN)/python -m tools.test

bench: setup-test
	@$(BIN)/python -m bench.run

check: setup
	@$(BIN)/exigible check

setup:
	@$(PYTHON) tools/set_up.py run

setup-test:
	@$(PYTHON) tools/set_up.py test

locks:
	@$(PYTHON) tools/locks.py

clean:
	rm -rf .venv node_modules exigible/common/static/vendor build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
