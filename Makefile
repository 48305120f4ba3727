# Budgetliggare: allt som görs med projektet görs härifrån. `make` utan mål visar hjälpen.
#
# Allt hamnar i .venv. Ett mål som är gjort görs inte om: filerna .venv/.klar-* minns vad som är installerat, och görs
# om när pyproject.toml eller uv.lock har ändrats eller projektet har flyttats.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= python3
PORT ?= 8000
ARGS ?=

UV_VERSION := 0.13.8
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
HAS_UV := $(VENV)/.klar-uv-$(UV_VERSION)
INSTALLED := $(VENV)/.klar-install
READY := $(VENV)/.klar-test

# Den som kör make kan ha en annan miljö aktiv, eller inställningar som pekar installationen någon annanstans.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH PYTHONUSERBASE
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER PIP_PYTHON PIP_DRY_RUN PIP_NO_DEPS PIP_EDITABLE PIP_REQUIREMENT
unexport PIP_CONSTRAINT PIP_REQUIRE_HASHES PIP_NO_BINARY PIP_ONLY_BINARY PIP_IGNORE_INSTALLED PIP_REPORT
unexport UV_PROJECT UV_WORKING_DIR UV_WORKING_DIRECTORY UV_PYTHON UV_SYSTEM_PYTHON UV_MANAGED_PYTHON UV_ENV_FILE
unexport UV_NO_MANAGED_PYTHON UV_PYTHON_PREFERENCE UV_FROZEN UV_LOCKED UV_NO_SYNC UV_DEV UV_NO_DEV UV_NO_GROUP
unexport UV_NO_DEFAULT_GROUPS UV_NO_EDITABLE UV_NO_INSTALL_PROJECT UV_NO_BINARY UV_NO_BUILD UV_NO_BUILD_ISOLATION
unexport UV_CONSTRAINT UV_OVERRIDE UV_BUILD_CONSTRAINT UV_NO_PROJECT UV_ISOLATED UV_UPGRADE UV_RESOLUTION
export UV_PROJECT_ENVIRONMENT := $(VENV)
# Python får spara det den har tolkat: annars tolkas allt om i varje process, och proven startar hundratals.
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Den som saknar en skrivbar hemkatalog får nedladdningarna i projektet.
ifeq ($(shell test -w "$${UV_CACHE_DIR:-$${XDG_CACHE_HOME:-$$HOME}}" && echo ja),)
export UV_CACHE_DIR := .uv_cache
export PIP_NO_CACHE_DIR := 1
endif

# En miljö som skapats på en annan plats, eller vars Python är borta eller för gammal, görs om från början.
USABLE := $(shell grep -qsF '$(CURDIR)/$(VENV)' $(BIN)/activate && \
	$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo ja)

.PHONY: help install demo test lint types bench skarmbilder environment browser

help: ## visar den här listan
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED) ## installerar i .venv; därefter går .venv/bin/liggare att köra
	@echo 'Klart: .venv/bin/liggare'

demo: $(INSTALLED) ## läser in exemplet Linköping och visar det på http://127.0.0.1:8000 (PORT= väljer port)
	@LIGGARE_PORT='$(PORT)' exec $(BIN)/liggare demo

test: $(READY) browser ## installerar och kör alla prov (ARGS='-k ord' väljer)
	@$(BIN)/python -m pytest $(ARGS)

lint: $(READY) ## granskar stil och format
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(READY) ## granskar typer
	@$(BIN)/mypy

skarmbilder: $(READY) browser ## fotograferar varje sida till docs/bilder, att titta på
	@$(BIN)/python -m tests.web.pictures

bench: $(READY) ## mäter mot golv i samma körning (ARGS='as-of --rows 1000000' väljer)
	@$(UV) sync --quiet --frozen --inexact --group bench --python $(BIN)/python
	@$(BIN)/python -m benchmarks $(ARGS)

ifneq ($(USABLE),ja)
$(HAS_UV): environment
endif

environment:
	@command -v $(PYTHON) >/dev/null || { \
		echo 'Det behövs Python 3.11 eller senare, men $(PYTHON) finns inte.' >&2; \
		echo 'Installera Python, eller peka ut det: make install PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Det behövs Python 3.11 eller senare, men $(PYTHON) är $$($(PYTHON) -V 2>&1)." >&2; \
		echo 'Peka ut ett nyare: make install PYTHON=python3.12' >&2; exit 1; }
	@echo 'Skapar $(VENV) …'
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
		echo 'Python kunde inte skapa en miljö. På Debian och Ubuntu: apt-get install python3-venv' >&2; exit 1; }

$(HAS_UV):
	@$(BIN)/python -m pip install --quiet 'uv==$(UV_VERSION)'
	@touch $@

# Utan utvecklarnas paket; de som redan finns får ligga kvar.
$(INSTALLED): $(HAS_UV) pyproject.toml uv.lock
	@echo 'Installerar … (första gången någon minut)'
	@$(UV) sync --quiet --frozen --no-dev --inexact --python $(BIN)/python
	@touch $@

$(READY): $(HAS_UV) pyproject.toml uv.lock
	@echo 'Installerar med det som proven behöver … (första gången någon minut)'
	@$(UV) sync --quiet --frozen --python $(BIN)/python
	@touch $(INSTALLED) $@

# Webbläsarproven behöver Chromium. Utan det hoppar de över sig själva och säger varför.
browser: | $(READY)
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$name >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'Installerar Chromium för webbläsarproven …'; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core; } \
			</dev/null >$(VENV)/apt.log 2>&1 || \
			echo 'Chromium gick inte att installera (se $(VENV)/apt.log): webbläsarproven hoppas över.' >&2; \
	else \
		echo 'Chromium saknas: webbläsarproven hoppas över. Installera paketet chromium för att köra dem.' >&2; \
	fi
