# Two commands are all a fresh machine needs: `make run` opens the dashboard, `make test` runs every test.
VENV := .venv
DOCS := .venv-docs
PYTHON := $(VENV)/bin/python
ANY_PYTHON = $(or $(wildcard $(PYTHON)),python3)
# A newer pip than Python 3.11's takes half as long; without one, that has to do.
CREATE = test -x $(PYTHON) || { python3 -m venv $(VENV); $(PYTHON) -m pip install --quiet --upgrade pip || true; }
PORT := 8501
MINUTES := 10
SEED := $(shell date +%s)
export PYTHONDONTWRITEBYTECODE :=  # what is imported is compiled once, not by each of the hundred processes of the tests

.PHONY: run test quick fuzz check browser native kernels kernels-of-tests bytecode wheel samples docs pins clean

run: $(VENV)/installed kernels
	@$(PYTHON) -m app --port $(PORT)

test: $(VENV)/installed-dev kernels kernels-of-tests check browser bytecode  # side by side with --jobs=2
	$(PYTHON) -m pytest

quick: kernels check  # without tests that drive a browser, start processes or go through everything: a minute and a half
	$(PYTHON) -m pytest -m "not browser and not processes and not thorough"

fuzz: $(VENV)/installed-dev  # property tests with fresh examples, a hundred times as many, for MINUTES; SEED repeats
	$(PYTHON) -m pytest tests -p tests.fuzzing --hypothesis-profile=fuzz --hypothesis-seed=$(SEED) --minutes=$(MINUTES)

check: $(VENV)/installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy --num-workers=2

browser: $(VENV)/installed-dev
	@$(PYTHON) tests/browser/install_chromium.py

$(VENV)/installed: requirements.txt
	@$(CREATE)
	$(PYTHON) -m pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt requirements-ray.txt  # the first includes the others
	@$(CREATE)
	$(PYTHON) -m pip install --quiet --no-compile --requirement requirements-dev.txt  # a sixth of it is ever imported
	@touch $(VENV)/installed $@

native: $(VENV)/installed  # the compiled kernels, which train several times as fast as torch on a CPU
	@$(PYTHON) -m eproxy_engine.native.compile

kernels:  # the same, before anything is installed; without a compiler, everything works all the same
	@$(ANY_PYTHON) -m eproxy_engine.native.compile || true

kernels-of-tests:  # other variants of them, which tests would compile
	@$(ANY_PYTHON) -m tests.native.variants || true

bytecode: $(VENV)/installed-dev  # of what tests import, which three processes would compile at the same time
	@$(PYTHON) -m pytest --numprocesses=0 --collect-only -qq >/dev/null || true  # what is wrong, the tests tell

wheel: $(VENV)/installed-dev  # with kernels for Linux on Intel, AMD and ARM and for Macs with ARM, into dist/
	@$(PYTHON) -m eproxy_engine.native.compile --everywhere
	$(PYTHON) -m hatchling build --target wheel --directory dist

samples: $(VENV)/installed  # what the runs that ship have found, after a change to how that is worked out
	$(PYTHON) -c "from eproxy_engine.runs.bundled import renew_samples; renew_samples()"

docs: $(DOCS)/installed  # the documentation as a site, in .site; fails at a broken link
	NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --quiet

$(DOCS)/installed: requirements-docs.txt
	@test -x $(DOCS)/bin/python || python3 -m venv $(DOCS)
	$(DOCS)/bin/python -m pip install --quiet --requirement requirements-docs.txt
	@touch $@

pins: $(VENV)/installed-dev  # requirements files, from the ranges in pyproject.toml and what is installed
	$(PYTHON) -m tests.packaging.pins

clean:
	rm -rf $(VENV) $(DOCS) .site dist .cache eproxy_engine/native/built .pytest_cache .mypy_cache .ruff_cache .hypothesis
