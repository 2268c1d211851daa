"""Closed vocabularies of governance (domain.md F)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BodyKind(models.TextChoices):
    PROJECT_COMMITTEE = "project_committee", _("Comité de projet")
    PROJECT_BOARD = "project_board", _("Comité de pilotage")
    PROGRAMME_BOARD = "programme_board", _("Comité de programme")
    ARBITRATION = "arbitration", _("Comité d’arbitrage")
    INVESTMENT = "investment", _("Comité d’investissement")
    EXECUTIVE = "executive", _("Comité de direction (CODIR)")
    DIRECTOR = "director", _("Direction IT transversale")


class SeatRole(models.TextChoices):
    CHAIR = "chair", _("Présidence")
    DEPUTY = "deputy", _("Vice-présidence")
    SECRETARY = "secretary", _("Secrétariat")
    MEMBER = "member", _("Membre")


class RequestState(models.TextChoices):
    OPEN = "open", _("Demandée")
    WITHDRAWN = "withdrawn", _("Retirée")
    SETTLED = "settled", _("Tranchée")
