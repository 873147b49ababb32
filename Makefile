# One command each: see README. The environment is made when it is missing or pyproject.toml has changed.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: setup run test browser types tests bench data clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,data]"
	$(BIN)/python -m layers.web
	touch $(READY)

run: $(READY)
	$(BIN)/plan-atlas run

test:
	$(MAKE) --jobs=2 setup browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --jobs=2 types tests

browser:
	sh .ci/browser.sh

types: $(READY)
	$(BIN)/mypy

# A file of tests stays with one worker: what it has made ready, a server or a folder, is made once.
tests: $(READY)
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder --durations=12

bench: $(READY)
	$(BIN)/python bench/run.py

data: $(READY)
	$(BIN)/python -m geodata.building
	$(BIN)/python -m gazetteer.building

# Needs a folder with the plans' texts, <plan id>.txt each: make train PLANS=folder
PLANS ?= ../shared/plans
train: $(READY)
	$(BIN)/python -m gazetteer.reading.learning $(PLANS)

clean:
	rm -rf .venv var build *.egg-info .mypy_cache .ruff_cache .pytest_cache
