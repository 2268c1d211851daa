from django.db import models
from django.utils.translation import gettext_lazy as _

from config.web.languages import Worded, in_reach, page_language


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
    def name(self) -> Worded:
        """The name in the reader's language, else in French."""
        return in_reach(self.name_fr, getattr(self, f"name_{page_language()}", ""))

    @property
    def name_language(self) -> str:
        """Language code of what `name` returns, for the `lang` attribute."""
        return self.name.language
