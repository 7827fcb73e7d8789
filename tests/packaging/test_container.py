"""The image and the composition, as far as they can be tried without building them."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from tests.docs.shell_page import runs_as_written
from tracker.config import load
from tracker.entrypoints.cli.main import cli
from tracker.entrypoints.web.access import SHORTEST

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")
PAGE = (ROOT / "docs" / "howto" / "containers.md").read_text(encoding="utf-8")


def final() -> str:
    """Return what the last stage of the Containerfile says, with lines that go on joined."""
    return CONTAINERFILE.rpartition("\nFROM ")[2].replace("\\\n", " ")


def variables() -> dict[str, str]:
    """Return the variables of the image."""
    (line,) = re.findall(r"^ENV (.*)$", final(), re.MULTILINE)
    return dict(word.split("=", 1) for word in line.split())


def test_the_containerfile_has_no_fault_that_hadolint_knows() -> None:
    """Every rule of hadolint holds, down to its hints."""
    done = subprocess.run(
        [str(PROGRAMS / "hadolint"), str(ROOT / "Containerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_composition_is_one() -> None:
    """The schema of the Compose specification, which check-jsonschema brings along, takes it."""
    command = [
        str(PROGRAMS / "check-jsonschema"),
        "--builtin-schema",
        "vendor.compose-spec",
        str(ROOT / "compose.yaml"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_final_image_has_no_compiler_and_no_root() -> None:
    """Its stage installs nothing; it runs as a numbered user, and ends as the worker wants to be ended."""
    assert not re.search(r"\b(apt|apt-get|pip|gcc|curl)\b", final())
    assert re.search(r"^USER [1-9]\d*$", final(), re.MULTILINE)
    assert re.search(r"^STOPSIGNAL SIGTERM$", final(), re.MULTILINE)
    assert re.search(r"^VOLUME /var/lib/tracker$", final(), re.MULTILINE)


def test_images_are_named_with_a_tag_and_no_registry() -> None:
    """Which registry an image is taken from is for whoever builds to say."""
    (python,) = re.findall(r"^ARG PYTHON=(\S+)$", CONTAINERFILE, re.MULTILINE)
    images = [f"python:{python}", COMPOSE["services"]["database"]["image"]]
    assert re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE) == ["python:${PYTHON}"] * 2
    assert [one for one in images if not re.fullmatch(r"[a-z]+:\d[\w.-]+", one)] == []


def test_the_image_runs_on_a_python_that_the_project_supports() -> None:
    """The tag of the image is at least what pyproject.toml requires."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    found = re.search(r"^ARG PYTHON=3\.(\d+)-slim", CONTAINERFILE, re.MULTILINE)
    assert found is not None
    assert int(found[1]) >= int(wanted.removeprefix(">=3."))


def test_the_settings_of_image_and_composition_can_be_used() -> None:
    """Each variable is one of the program's, and all together load: the image alone, a worker, and the page."""
    for service in (None, "worker", "page"):
        given = {**variables(), **(COMPOSE["services"][service]["environment"] if service else {})}
        ours = {name: value for name, value in given.items() if name.startswith("TRACKER_")}
        settings = load(None, ours, {})
        assert settings.serve.listen == "0.0.0.0:8378"
        assert settings.web.listen == "127.0.0.1:8377"


@pytest.mark.parametrize("service", [name for name in COMPOSE["services"] if name != "database"])
def test_each_service_runs_a_command_that_there_is(service: str) -> None:
    """What follows the entry point is taken by the command line."""
    done = CliRunner().invoke(cli, [*COMPOSE["services"][service]["command"], "--help"])
    assert done.exit_code == 0, done.output


def test_health_is_asked_by_a_command_that_there_is() -> None:
    """The image's own check and that of the page are `tracker healthcheck` with options that it has."""
    (own,) = re.findall(r"HEALTHCHECK [^\n]*CMD (\[.*\])", final())
    page = COMPOSE["services"]["page"]["healthcheck"]["test"]
    assert page[0] == "CMD"
    for words in (json.loads(own), page[1:]):
        assert words[:2] == ["tracker", "healthcheck"]
        assert CliRunner().invoke(cli, [*words[1:], "--help"]).exit_code == 0
    assert COMPOSE["services"]["database"]["healthcheck"]["test"]
    assert COMPOSE["services"]["migrate"]["healthcheck"] == {"disable": True}


def test_workers_and_page_wait_for_the_tables() -> None:
    """Neither begins before the database answers and the tables are those of this version; all come up again."""
    services = COMPOSE["services"]
    for name in ("worker", "page"):
        assert services[name]["depends_on"] == {
            "database": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }
    assert [one["restart"] for one in services.values()] == ["unless-stopped", "on-failure"] + ["unless-stopped"] * 2
    assert services["worker"]["deploy"]["replicas"] == 2


def test_no_secret_is_a_variable() -> None:
    """Secrets are files that a service is given by name; each that is named is there, and told of on the page."""
    declared = COMPOSE["secrets"]
    for service in COMPOSE["services"].values():
        assert set(service["secrets"]) <= declared.keys()
        for name, value in service["environment"].items():
            assert not re.search("PASSWORD|TOKEN|SECRET", name) or "/run/secrets/" in value, name
    assert all(f"secrets/{name}" in PAGE and one == {"file": f"secrets/{name}"} for name, one in declared.items())


def test_the_page_makes_the_secrets_as_it_is_written(tmp_path: Path) -> None:
    """Its folder is for one user alone, its files can be read in the containers, and what they hold is long enough."""
    runs_as_written(ROOT / "docs" / "howto" / "containers.md", tmp_path, {}, {})
    folder = tmp_path / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.name for file in folder.iterdir()} == COMPOSE["secrets"].keys()
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o644}
    assert len((folder / "page-token").read_text().strip()) >= SHORTEST
    given = dict(line.split("=", 1) for line in (tmp_path / "tracker.env").read_text().splitlines())
    assert load(None, given, {}).mail.password == "file:/run/secrets/smtp-password"


def test_nobody_but_this_machine_reaches_the_page() -> None:
    """The one port that is published is published on loopback."""
    assert COMPOSE["services"]["page"]["ports"] == ["127.0.0.1:8378:8378"]
    assert [name for name, one in COMPOSE["services"].items() if "ports" in one] == ["page"]


def test_the_wheel_can_be_built_of_what_goes_into_the_build() -> None:
    """Whatever .dockerignore lets through holds all that the wheel is made of."""
    allowed = [line[2:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!/")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", "constraints.txt", project["project"]["readme"], *project["project"]["license-files"]}
    assert needed | {*wheel["packages"], *wheel["force-include"]} == set(allowed)
    for name in allowed:
        assert (ROOT / name).exists()
