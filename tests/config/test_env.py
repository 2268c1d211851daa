from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Environment, MailServer, mail_server, own_secret


def test_text_missing_names_the_variable_and_the_hint() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY is missing\. Put it there\."):
        Environment({}).text("SECRET_KEY", hint="Put it there.")


def test_text_empty_counts_as_missing() -> None:
    assert Environment({"NAME": ""}).text("NAME", "default") == "default"


def test_file_variable_is_read_and_stripped(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    assert Environment({"SECRET_KEY_FILE": str(secret)}).text("SECRET_KEY") == "s3cret"


def test_file_variable_beside_the_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="not both"):
        Environment({"A": "1", "A_FILE": str(tmp_path)}).get("A")


def test_file_variable_unreadable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        Environment({"A_FILE": str(tmp_path / "none")}).get("A")


@pytest.mark.parametrize(("word", "value"), [("1", True), ("True", True), ("on", True), ("0", False), ("", False)])
def test_boolean_words(word: str, value: bool) -> None:
    assert Environment({"DEBUG": word}).boolean("DEBUG", default=not value) is value


def test_boolean_other_word_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be 1 or 0"):
        Environment({"DEBUG": "maybe"}).boolean("DEBUG", default=False)


@pytest.mark.parametrize("word", ["-1", "0", "65536", "8e3", "8000.0", "port"])
def test_integer_outside_its_bounds_is_refused(word: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PORT must be a whole number from 1 to 65535"):
        Environment({"PORT": word}).integer("PORT", 8000, low=1, high=65535)


def test_words_are_split_and_blanks_dropped() -> None:
    assert Environment({"ALLOWED_HOSTS": "a.example, b.example,,"}).words("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_mail_server_with_starttls() -> None:
    assert mail_server("smtp+tls://user:p%40ss@mail.example.org:2525") == MailServer(
        "django.core.mail.backends.smtp.EmailBackend", "mail.example.org", 2525, "user", "p@ss", True, False
    )


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_mail_server_other_address_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must be as in"):
        mail_server(url)


def test_own_secret_stays_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "deep/secret"
    first = own_secret(path)
    assert own_secret(path) == first
    assert len(first) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]
