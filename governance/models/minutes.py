from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.sitting import Sitting
from people.enums import PersonalData


class Minutes(models.Model):
    """What the minutes of a session say, frozen in the transaction that closes it and never changed."""

    sitting = models.OneToOneField(
        Sitting, verbose_name=_("séance"), on_delete=models.PROTECT, related_name="frozen_minutes"
    )
    data = models.JSONField(_("contenu"))
    data_hash = models.CharField(_("empreinte"), max_length=64)
    frozen_at = models.DateTimeField(_("figé le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {"data": PersonalData.FREE_TEXT}

    class Meta:
        verbose_name = _("procès-verbal")
        verbose_name_plural = _("procès-verbaux")
        triggers = [pgtrigger.Protect(name="minutes_are_frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.sitting_id}"


class MinutesPrint(models.Model):
    """The PDF of some minutes, printed once; `withheld` names the items left out for who is recused from them."""

    minutes = models.ForeignKey(
        Minutes, verbose_name=_("procès-verbal"), on_delete=models.PROTECT, related_name="prints"
    )
    withheld = models.CharField(_("points retirés"), max_length=200, blank=True, default="")
    path = models.CharField(_("fichier"), max_length=80)
    pdf_sha256 = models.CharField(_("empreinte du PDF"), max_length=64)
    pages = models.PositiveSmallIntegerField(_("pages"))
    size = models.PositiveIntegerField(_("octets"))
    rendered_at = models.DateTimeField(_("imprimé le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("procès-verbal imprimé")
        verbose_name_plural = _("procès-verbaux imprimés")
        constraints = [models.UniqueConstraint(name="minutes_print_once", fields=("minutes", "withheld"))]
        triggers = [pgtrigger.Protect(name="minutes_print_is_final", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.withheld}"
