"""Forms of the log-in pages: same text, same time, whoever the address belongs to."""

import time
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.models import User

RESET_SECONDS = 0.6


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Log-in by user name or e-mail address; guesses are counted per account, whichever of the two was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Nom d’utilisateur ou adresse e-mail")
        self.fields["password"].label = _("Mot de passe")
        for name, autocomplete in (("login", "username webauthn"), ("password", "current-password")):
            widget = self.fields[name].widget
            widget.attrs.pop("placeholder", None)
            widget.attrs["autocomplete"] = autocomplete
            self.fields[name].help_text = ""

    def user_credentials(self) -> dict[str, Any]:
        credentials: dict[str, Any] = super().user_credentials()
        typed = str(self.cleaned_data["login"]).strip().lower()
        known = User.objects.filter(email=typed).values_list("username", flat=True).first() if "@" in typed else None
        credentials["login"] = (known or typed)[:255]
        return credentials


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]
    """Answers no sooner for an unknown address than for a known one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Adresse e-mail")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        started = time.monotonic()
        email: str = super().save(request, **kwargs)
        time.sleep(max(0.0, RESET_SECONDS - (time.monotonic() - started)))
        return email
