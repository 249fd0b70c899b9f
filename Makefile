# SmartClient. `make demo` starts it, `make test` checks all of it; both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

WORKERS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

.PHONY: help setup demo test lint bench sim chaos fuzz screenshots browser window screen keyring paper lock clean

help:       ## what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

$(VENV)/.ready: requirements/test.txt pyproject.toml tools/make_venv.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh tools/make_venv.sh
	@touch $@

setup: $(VENV)/.ready       ## create .venv from the locked dependencies

demo: setup       ## start the desk on its own demonstration data in .demo/
	@exec $(BIN)/python launcher.py --demo --data-dir .demo

browser: setup       ## install the browser that the tests drive
	@sh tools/install_browser.sh

$(VENV)/.window: requirements/window.txt tools/install_window.sh $(VENV)/.ready
	@VENV="$(VENV)" sh tools/install_window.sh
	@touch $@

window: $(VENV)/.window       ## install the toolkit of the desktop window (some 500 MB)

screen: setup       ## install the screen that the window is tested on
	@sh tools/install_screen.sh

keyring: setup       ## install the keyring of the system that the tests use
	@sh tools/install_keyring.sh

paper: setup       ## install the programs that read the tested PDFs
	@sh tools/install_paper.sh

lint: setup       ## style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: setup browser window screen keyring paper lint       ## everything: style, types, imports, rules, journeys, attacks, browser, window
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

$(VENV)/.bench: requirements/bench.txt tests/bench/pouch/package-lock.json tools/install_pouch.sh $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@VENV="$(VENV)" sh tools/install_pouch.sh
	@touch $@

bench: $(VENV)/.bench       ## measure what has a target, beside a peer
	@$(BIN)/python -m tests.bench

EXAMPLES ?= 400
STEPS ?= 50
SEED ?= 1

sim: setup       ## simulate three desks and the insurer with every fault: EXAMPLES runs of STEPS steps from SEED
	@$(BIN)/python -m tests.sim --examples $(EXAMPLES) --steps $(STEPS) --seed $(SEED)

chaos: setup       ## kill the desk, alone and with its endpoint, 50 times each; damage its files 200 times; kill three desks 200 times
	@$(BIN)/python -m tests.chaos --kills 50 --harms 200 --rounds 200

fuzz: setup       ## 10,000 random lines to `quote`, judged by a second engine
	@$(BIN)/python -m tests.calculation.fuzz --examples 10000

screenshots: setup browser window screen       ## every page, light and dark, into docs/screenshots/
	@$(BIN)/python -m tools.screenshots
	@$(BIN)/python -m tools.window_screenshot

lock: setup       ## resolve the dependencies anew (needs uv)
	@sh tools/lock.sh

clean:       ## remove what set-up and the demo made
	rm -rf $(VENV) .demo build dist
