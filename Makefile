# Everything a developer types. From nothing but git, make and Python 3.11: `make demo` shows it, `make test` proves it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
STAMP := .venv/.ready
SEEDS ?= 1..2000
PIN := --quiet --upgrade --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help env check test simulate mutants prove bench demo pictures bundle pins clean

help:  ## say what there is
	@sed -n 's/^\([a-z%-]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

env: $(STAMP)  ## make the environment from hashed pins

$(STAMP): pyproject.toml requirements/dev.txt requirements/data.txt requirements/emulator.txt scripts/system-packages.sh
	@PYTHON="$(PYTHON)" sh scripts/system-packages.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Store Guide needs Python 3.11: install it, or name it with PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/data.txt
	@test -x .venv/emulator/bin/python || $(PYTHON) -m venv .venv/emulator  # its packages are older than what we ship
	.venv/emulator/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/emulator.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

check: env  ## the quick part: style, types, import rules, QML, translations
	$(PY) -m tests.run_all check

test: env  ## every check and every test; closes with `N passed, N failed`
	$(PY) -m tests.run_all

simulate: env  ## simulated schedules, as in `make simulate SEEDS=1..2000`; PG=1 for HQ on a real PostgreSQL
	$(PY) -m tests.simulation $(SEEDS) $(if $(PG),--postgres)

mutants: env  ## switch off each rule of the contract in turn: the simulation must catch every one; writes docs/proofs/mutants.md
	$(PY) -m tests.simulation.mutants

prove: env  ## the long proofs at their full dose (hours); writes their dated table into docs/proof.md
	$(PY) -m tests.proofs.prove

prove-%: env  ## one of them, as in `make prove-power_loss`
	$(PY) -m tests.proofs.prove $*

bench: env  ## every benchmark; tables here, JSON under build/bench/
	@set -e; for file in $$(grep -l '__name__ == "__main__"' benchmarks/*.py); do \
		$(PY) -m benchmarks.$$(basename $$file .py); done

bench-%: env  ## one benchmark, as in `make bench-search`
	$(PY) -m benchmarks.$(subst -,_,$*)

demo: env  ## the whole product with a real year of baskets, played before your eyes
	$(PY) -m tests.e2e.demo

pictures: env  ## take the pictures of the documents anew
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -q tests/qt/test_whole_app.py tests/qt/test_*_page.py tests/qt/test_*_pages.py
	$(PY) -m tests.qt.doc_pictures

bundle: env  ## the tablet application as one folder, in dist/guide/
	$(PY) -m PyInstaller --noconfirm --log-level WARN build.spec

pins:  ## renew requirements/*.txt from requirements/*.in
	@$(PYTHON) -m venv build/pins && build/pins/bin/pip install --quiet uv
	@cd requirements && for name in base tablet hq dev emulator; do ../build/pins/bin/uv pip compile $(PIN) $$name.in -o $$name.txt; done
	@cd requirements && ../build/pins/bin/uv pip compile $(PIN) --no-deps data.in -o data.txt

clean:  ## forget the environment and everything built
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
