"""What the README, the Makefile, the container files and pyproject.toml promise each other."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import folds, tidy

TARGETS = {"skarmbilder", "help", "install", "demo", "test", "lint", "types", "bench"}


@cache
def text(path: str) -> str:
    return (tidy.ROOT / path).read_text(encoding="utf-8")


@cache
def project() -> dict[str, Any]:
    return tomllib.loads(text("pyproject.toml"))


@cache
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(text("docker-compose.yml"))
    return parsed


def make(*arguments: str) -> str:
    run = subprocess.run(["make", *arguments], cwd=tidy.ROOT, capture_output=True, text=True, check=True)
    return run.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="make finns inte")
def test_make_alone_lists_every_target_with_a_line() -> None:
    listed = dict(re.findall(r"^ +make (\w+) +(\S.*)$", make(), re.MULTILINE))

    assert set(listed) == TARGETS


@pytest.mark.skipif(shutil.which("make") is None, reason="make finns inte")
def test_demo_runs_in_the_foreground_on_the_port_asked_for() -> None:
    assert "LIGGARE_PORT='8123' exec .venv/bin/liggare demo" in make("-n", "demo", "PORT=8123")


@pytest.mark.parametrize("page", ["README.md", "docs/operations.md", ".ci/run"])
def test_every_make_command_in_print_exists(page: str) -> None:
    named = re.findall(r"(?:^|[`;] *)make ([a-z]+)", text(page), re.MULTILINE)

    assert set(named) <= TARGETS


def test_the_readme_fits_a_screen_and_shows_the_two_commands_first() -> None:
    commands = re.findall(r"^make (\w+)", text("README.md"), re.MULTILINE)

    assert commands == ["demo", "test"]
    assert len(text("README.md").splitlines()) <= 60


def test_links_between_pages_lead_somewhere() -> None:
    pages = [source for source in tidy.house() if source.suffix == ".md"]
    links = [(page.path, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.text)]
    broken = [(page, link) for page, link in links if not ((tidy.ROOT / page).parent / link).exists()]

    assert not broken


def test_ci_runs_tests_lint_and_types() -> None:
    assert "for step in test lint types; do" in text(".ci/run")
    assert os.access(tidy.ROOT / ".ci/run", os.X_OK)


def test_the_version_is_the_newest_in_the_changelog() -> None:
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text("CHANGELOG.md"), re.MULTILINE)

    assert versions[0] == project()["project"]["version"] == importlib.metadata.version("budgetliggare")


def test_the_same_uv_is_used_everywhere() -> None:
    (wanted,) = re.findall(r"^UV_VERSION := (\S+)$", text("Makefile"), re.MULTILINE)

    assert re.findall(r"uv==(\S+)", text("Dockerfile")) == [wanted]


def test_the_licence_is_the_whole_of_eupl_1_2() -> None:
    assert project()["project"]["license"] == "EUPL-1.2"
    assert text("LICENSE").splitlines()[0].strip() == "EUROPEAN UNION PUBLIC LICENCE v. 1.2"
    assert re.findall(r"^(\d+)\. ", text("LICENSE"), re.MULTILINE) == [str(article) for article in range(1, 16)]
    assert "Québec Free and Open-Source Licence" in text("LICENSE")


def test_compose_publishes_on_the_loopback_only() -> None:
    published = [port for service in compose()["services"].values() for port in service.get("ports", [])]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert "network_mode" not in text("docker-compose.yml")


def test_compose_holds_no_password() -> None:
    words = re.findall(r"\$\{POSTGRES_PASSWORD(:\?)?", text("docker-compose.yml"))

    assert words == [":?", ":?"]
    assert re.search(r"^POSTGRES_PASSWORD=$", text(".env.example"), re.MULTILINE)
    assert ".env" in text(".gitignore").splitlines()


def test_compose_starts_the_service_after_a_healthy_database_and_init() -> None:
    services = compose()["services"]

    assert services["databas"]["healthcheck"]["test"][1] == "pg_isready"
    assert services["init"]["depends_on"] == {"databas": {"condition": "service_healthy"}}
    assert services["liggare"]["depends_on"]["init"] == {"condition": "service_completed_successfully"}
    assert services["liggare"]["environment"]["LIGGARE_BAKOM_PROXY"] == "ja"
    assert services["init"]["command"] == ["init"]
    assert services["databas"]["volumes"] == ["databas:/var/lib/postgresql"]


def test_the_image_runs_as_nobody_special_and_says_how_it_feels() -> None:
    final = text("Dockerfile").rpartition("\nFROM ")[2]

    assert re.search(r"^USER liggare$", final, re.MULTILINE)
    assert "/api/v1/halsa" in final
    assert "LIGGARE_BAKOM_PROXY" not in final


def test_every_setting_named_in_the_code_is_in_the_operations_page() -> None:
    used = {
        name
        for source in tidy.house()
        if source.path.startswith("src/")
        for name in re.findall(r"LIGGARE_[A-Z_]+[A-Z]", source.text)
    }

    assert not {name for name in used if f"`{name}" not in text("docs/operations.md")}


def test_every_fact_has_its_row_in_the_glossary() -> None:
    known = set(re.findall(r"\w+", text("docs/glossary.md")))

    assert not folds.fact_names(tidy.ROOT / tidy.EVENTS) - known


def test_every_imported_distribution_is_declared() -> None:
    declared = {_distribution(line) for line in project()["project"]["dependencies"]}
    declared_for_tests = declared | {_distribution(line) for line in project()["dependency-groups"]["dev"]}
    owners = importlib.metadata.packages_distributions()
    missing = set()
    for source in tidy.house():
        if source.suffix != ".py":
            continue
        enough = declared if source.module else declared_for_tests
        for line, meant, _ in tidy.imported(source):
            top = meant[0].partition(".")[0]
            if top in sys.stdlib_module_names or top in {"", "ledger", "projections", "tests", "benchmarks"}:
                continue
            names = {_distribution(owner) for owner in owners.get(top, [top])}
            # psycopg[pool] brings psycopg_pool: an extra is declared with its package.
            if not names & enough and top.partition("_")[0] not in enough:
                missing.add(f"{source.path}:{line}: {top}")

    assert not missing


def _distribution(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    assert name
    return re.sub(r"[._-]+", "-", name[0]).lower()


def test_what_is_installed_is_importable_from_any_folder(tmp_path: Path) -> None:
    code = "import ledger, projections; print(ledger.__name__, projections.__name__)"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert run.stdout.split() == ["ledger", "projections"]
