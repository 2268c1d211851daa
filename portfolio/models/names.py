from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A name in the three languages; French is the master, the others may be empty."""

    name_fr = models.CharField(_("nom (français)"), max_length=160)
    name_nl = models.CharField(_("nom (néerlandais)"), max_length=160, blank=True, default="")
    name_en = models.CharField(_("nom (anglais)"), max_length=160, blank=True, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, else in French."""
        language = (get_language() or "fr")[:2]
        translated: str = getattr(self, f"name_{language}", "") if language in ("nl", "en") else ""
        return translated or self.name_fr

    @property
    def name_language(self) -> str:
        """Language code of what `name` returns, for the `lang` attribute."""
        language = (get_language() or "fr")[:2]
        return language if language in ("nl", "en") and getattr(self, f"name_{language}") else "fr"
