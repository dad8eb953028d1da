# Two commands matter: `make demo` runs everything once, `make test` checks everything.
# Each sets up what it needs inside this folder; Python >= 3.11 with pip, make and git are enough.

PYTHON ?= $(shell for candidate in python3.13 python3.12 python3.11 python3; do \
	command -v $$candidate >/dev/null 2>&1 \
	&& $$candidate -c 'import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$candidate && break; done)
UV := .tools/bin/uv
READY := .venv/.ready

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DAGSTER_DISABLE_TELEMETRY := 1
export UV_PYTHON_DOWNLOADS := never
export UV_COMPILE_BYTECODE := 1

.PHONY: help demo dev test test-slow lint types sql format glossary pictures benchmark clean

help:
	@echo "make demo       run the whole pipeline on the local CRM and publish the site"
	@echo "make dev        open the Dagster UI (on the local CRM when none is configured)"
	@echo "make test       linters and all quick tests"
	@echo "make test-slow  the long checks"
	@echo "make lint       linters alone"
	@echo "make glossary   write docs/glossary.md from the descriptions of the models"
	@echo "make pictures   take the pictures of the pages in docs/images anew (after make demo)"
	@echo "make clean      remove the environment and every build product (not ./data)"

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with pip is needed and was not found (an activated environment may hide it): install it, or say make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools 'uv>=0.9,<1'

$(READY): pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --quiet --python "$$(command -v $(PYTHON))"
	.venv/bin/python -m onefunnel.dbt_manifest
	@touch $@

demo: $(READY)
	.venv/bin/onefunnel demo

dev: $(READY)
	.venv/bin/onefunnel dev

# The two slow ones beside each other.
lint: $(READY)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/zizmor --offline --quiet --no-progress .github/workflows
	@$(MAKE) --no-print-directory --jobs 2 types sql

types: $(READY)
	.venv/bin/mypy

sql: $(READY)
	.venv/bin/sqlfluff lint --disable-progress-bar --processes 2 dbt_project/models

glossary: $(READY)
	.venv/bin/python -m onefunnel.glossary_file

pictures: $(READY)
	.venv/bin/python -m docs.pictures

format: $(READY)
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# Four at a time, since a test that waits for a server or a browser leaves a core free.
# The dbt project is parsed once before them, when it changed.
test: lint
	.venv/bin/python -m onefunnel.dbt_manifest
	.venv/bin/pytest -m "not slow" -n 4 --dist loadscope --no-loadscope-reorder

test-slow: $(READY)
	.venv/bin/pytest -m slow -n 2 --dist loadscope --no-loadscope-reorder

clean:
	rm -rf .venv .tools build dist dbt_project/target dbt_project/logs logs
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
