"""Every hostile file through the import screens: a quick, clear answer, little memory, nothing written."""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from people.enums import Role
from portfolio.models import ImportRun, ImportUpload, Project
from tests.factories.people import user_with
from tests.hostile.files import MAKERS, hostile_files

pytestmark = pytest.mark.django_db
SECONDS = 5
MEGABYTES = 320  # what one file may add: a worker at rest has 180 MB, and may have 512
SENTENCES = ('class="error', 'role="alert"', "Rien n’a été enregistré")
FORMAT = {
    "source": "essai",
    "format": "csv",
    "encoding": "utf-8",
    "delimiter": ";",
    "header_line": 1,
    "columns": [{"header": "numero", "field": "number"}, {"header": "nom", "field": "name"}],
}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")


def forget_peak() -> float:
    """From now on the peak is that of what follows; the memory in use now, in MB."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mb()


def peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def client_of(role: Role = Role.PSO) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user_with(role), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def multipart(name: str, data: bytes) -> bytes:
    """A request made by hand: the name of the file goes as it is."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').encode()
    part = b'--x-x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    return b"".join(
        (
            part % (b"format", b"", b"other"),
            part % (b"description", b'; filename="f.json"', json.dumps(FORMAT).encode()),
            part % (b"file", b'; filename="' + quoted + b'"', data),
            b"--x-x--\r\n",
        )
    )


def deposit(client: Client, name: str, data: bytes) -> tuple[int, str]:
    """The file through both screens; the last status and page."""
    body = multipart(name, data)
    answer = client.post(reverse("portfolio:import"), body, content_type="multipart/form-data; boundary=x-x")
    if answer.status_code == 303:
        answer = client.get(answer.url)
    return answer.status_code, answer.content.decode()


def test_the_corpus_is_large_enough() -> None:
    assert len(MAKERS) >= 25


def test_every_hostile_file_is_answered_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    client = client_of()
    wrong: list[str] = []
    slowest, largest, refused = ("", 0.0), ("", 0.0), 0
    for what, name, data in hostile_files():
        before = forget_peak()
        started = time.perf_counter()
        status, page = deposit(client, name, data)
        took, peak = time.perf_counter() - started, peak_mb() - before
        slowest, largest = (
            max(slowest, (what, took), key=lambda pair: pair[1]),
            max(largest, (what, peak), key=lambda pair: pair[1]),
        )
        refused += status in (400, 413, 422)
        if status >= 500 or status not in (200, 400, 413, 422) or took > SECONDS or peak > MEGABYTES:
            wrong.append(f"{what}: {status} in {took:.1f} s, {peak:.0f} MB")
        if "<img src=x onerror" in page or "<script>alert" in page:
            wrong.append(f"{what}: its text runs in the page")
        if status != 200 and not any(word in page for word in SENTENCES):
            wrong.append(f"{what}: {status} without a sentence")
    with capsys.disabled():
        sys.stdout.write(
            f"\nhostile files: {len(MAKERS)}, refused {refused}, slowest {slowest[0]} {slowest[1]:.2f} s, "
            f"largest {largest[0]} +{largest[1]:.0f} MB "
        )
    assert wrong == []
    assert (Project.objects.count(), ImportRun.objects.count()) == (0, 0)


def test_kept_files_have_generated_names_outside_the_web_root() -> None:
    client = client_of()
    deposit(client, "../../../../etc/cron.d/x.csv", b"numero;nom\n1;Projet\n")
    upload = ImportUpload.objects.get()
    kept = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [upload.token.hex]
    assert upload.file_name == "x.csv"
    static = [Path(folder) for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS)]
    assert not any(kept[0].is_relative_to(folder) for folder in static)


@pytest.mark.parametrize(
    ("size", "fields", "status"),
    [(3_000_000, 1, 413), (10, 1_001, 413), (10, 10, 303)],
    ids=["3 MB", "1 001 fields", "usual"],
)
def test_a_body_beyond_the_limits_is_refused_in_the_language_of_the_reader(size: int, fields: int, status: int) -> None:
    client = client_of()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    body = "theme=dark&" + "&".join(f"x{n}={'m' * size}" for n in range(fields))
    answer = client.post(reverse("set_theme"), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (status, 302 if status == 303 else status)
    if status == 413:
        assert 'lang="en"' in answer.content.decode()


def test_an_upload_that_announces_too_much_is_refused_before_it_is_read() -> None:
    client = client_of()
    answer = client.post(
        reverse("portfolio:import"),
        b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"content-length": str(1 << 30)},
        CONTENT_LENGTH=str(1 << 30),
    )
    assert answer.status_code == 413
