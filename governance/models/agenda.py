from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import (
    FOLLOWED,
    ItemKind,
    OutcomeKind,
    Polling,
    Presence,
    Publication,
    RecusalGround,
    Verdict,
    VoteChoice,
)
from governance.models.decision_request import DecisionRequest
from governance.models.sitting import Sitting
from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person

_REFUSE_VOTE = """
    IF EXISTS (SELECT 1 FROM governance_recusal r WHERE r.item_id = NEW.item_id AND r.person_id = NEW.person_id) THEN
        RAISE EXCEPTION 'vote refused: this member is recused from the item' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM governance_agendaitem i WHERE i.id = NEW.item_id AND i.polling = 'open') THEN
        RAISE EXCEPTION 'vote refused: voting on the item is not open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@tracked
class AgendaItem(models.Model):
    """One item: what it is about, how long, the live minutes, and the vote.

    `notes_version` grows with each note kept, so that two secretaries do not overwrite each other.
    """

    sitting = models.ForeignKey(Sitting, verbose_name=_("séance"), on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("ordre"))
    kind = models.CharField(_("nature"), max_length=12, choices=ItemKind, default=ItemKind.DECISION)
    title = models.CharField(_("intitulé"), max_length=220)
    request = models.ForeignKey(
        DecisionRequest,
        verbose_name=_("demande"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="items",
    )
    minutes = models.PositiveSmallIntegerField(_("minutes prévues"), default=10)
    notes = models.TextField(_("procès-verbal"), max_length=8000, blank=True, default="")
    notes_version = models.PositiveIntegerField(default=1, editable=False)
    polling = models.CharField(_("vote"), max_length=8, choices=Polling, default=Polling.NOT_YET)
    verdict = models.CharField(_("résultat"), max_length=10, choices=Verdict, blank=True, default="")
    tally = models.JSONField(_("décompte"), default=dict, blank=True)

    personal_data: ClassVar[dict[str, PersonalData]] = {"notes": PersonalData.FREE_TEXT, "tally": PersonalData.ACTIVITY}

    class Meta:
        verbose_name = _("point à l’ordre du jour")
        verbose_name_plural = _("points à l’ordre du jour")
        ordering = ("sitting", "position")
        constraints = [
            models.UniqueConstraint(
                name="item_position_unique",
                fields=("sitting", "position"),
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                name="item_request_once",
                fields=("sitting", "request"),
                condition=Q(request__isnull=False),
                violation_error_message=_("Cette demande est déjà à l’ordre du jour."),
            ),
            models.CheckConstraint(
                name="item_minutes_range",
                condition=Q(minutes__range=(1, 240)),
                violation_error_message=_("Un point dure de 1 à 240 minutes."),
            ),
            models.CheckConstraint(
                name="item_verdict_counted",
                condition=Q(verdict="", polling__in=("not_yet", "open")) | (~Q(verdict="") & Q(polling="closed")),
                violation_error_message=_("Un vote clos porte son résultat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class Paper(models.Model):
    """What the members were given for an item, frozen: a later version is another row."""

    item = models.ForeignKey(AgendaItem, verbose_name=_("point"), on_delete=models.PROTECT, related_name="papers")
    number = models.PositiveSmallIntegerField(_("version"))
    data = models.JSONField(_("contenu"))
    data_hash = models.CharField(_("empreinte"), max_length=64)
    frozen_at = models.DateTimeField(_("figée le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {"data": PersonalData.FREE_TEXT}

    class Meta:
        verbose_name = _("pièce")
        ordering = ("item", "-number")
        constraints = [models.UniqueConstraint(name="paper_version_unique", fields=("item", "number"))]
        triggers = [pgtrigger.Protect(name="paper_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"


@tracked
class Attendance(models.Model):
    """Whether a member was there; one who is not may be represented by one who is."""

    sitting = models.ForeignKey(Sitting, verbose_name=_("séance"), on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, verbose_name=_("personne"), on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(_("présence"), max_length=8, choices=Presence)
    proxy_to = models.ForeignKey(
        Person, verbose_name=_("procuration à"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData.ACTIVITY,
        "proxy_to": PersonalData.ACTIVITY,
    }

    class Meta:
        verbose_name = _("présence")
        ordering = ("sitting", "person__last_name")
        constraints = [
            models.UniqueConstraint(name="attendance_unique", fields=("sitting", "person")),
            models.CheckConstraint(
                name="attendance_proxy_of_absent",
                condition=Q(proxy_to__isnull=True) | (Q(presence="absent") & ~Q(proxy_to=models.F("person"))),
                violation_error_message=_("Seul un absent donne procuration, à quelqu’un d’autre."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.person_id}"


@tracked
class Recusal(models.Model):
    """A member who takes no part in an item: computed at publication, or declared; never lifted."""

    item = models.ForeignKey(AgendaItem, verbose_name=_("point"), on_delete=models.CASCADE, related_name="recusals")
    person = models.ForeignKey(Person, verbose_name=_("personne"), on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(_("motif"), max_length=12, choices=RecusalGround)
    computed = models.BooleanField(_("d’après les registres"), default=False)
    at = models.DateTimeField(_("à"))

    personal_data: ClassVar[dict[str, PersonalData]] = {"person": PersonalData.ACTIVITY}

    class Meta:
        verbose_name = _("récusation")
        ordering = ("item", "person__last_name")
        constraints = [models.UniqueConstraint(name="recusal_unique", fields=("item", "person"))]

    def __str__(self) -> str:
        return f"{self.item_id} {self.person_id}"


@tracked
class Vote(models.Model):
    """One voice on one version of the papers; the database refuses it to a recused member."""

    item = models.ForeignKey(AgendaItem, verbose_name=_("point"), on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey(Person, verbose_name=_("membre"), on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(_("vote"), max_length=8, choices=VoteChoice)
    dissent = models.CharField(_("opinion dissidente"), max_length=500, blank=True, default="")
    paper = models.ForeignKey(Paper, verbose_name=_("pièce"), on_delete=models.PROTECT, related_name="+")
    cast_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("inscrit par"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("à"))

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData.ACTIVITY,
        "choice": PersonalData.ACTIVITY,
        "dissent": PersonalData.FREE_TEXT,
        "cast_by": PersonalData.IDENTITY,
    }

    class Meta:
        verbose_name = _("vote")
        ordering = ("item", "person__last_name")
        constraints = [
            models.UniqueConstraint(
                name="vote_once",
                fields=("item", "person"),
                violation_error_message=_("Ce membre a déjà voté sur ce point."),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="vote_is_allowed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_REFUSE_VOTE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.person_id} {self.choice}"


@tracked
class Outcome(models.Model):
    """What the body said on an item, as the secretary writes it; closing the session turns it into the register.

    A condition or an action stands under the decision it belongs to (`parent`), or alone for a plain action.
    """

    item = models.ForeignKey(AgendaItem, verbose_name=_("point"), on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(_("nature"), max_length=10, choices=OutcomeKind)
    parent = models.ForeignKey(
        "self", verbose_name=_("de la décision"), null=True, blank=True, on_delete=models.CASCADE, related_name="parts"
    )
    text = models.CharField(_("texte"), max_length=600)
    rationale = models.CharField(_("motivation"), max_length=600, blank=True, default="")
    owner = models.ForeignKey(
        Person, verbose_name=_("responsable"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due = models.DateField(_("échéance"), null=True, blank=True)
    publication = models.CharField(_("publication"), max_length=10, choices=Publication, default=Publication.PORTFOLIO)
    supersedes = models.ForeignKey(
        "governance.Decision",
        verbose_name=_("remplace"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "owner": PersonalData.IDENTITY,
        "text": PersonalData.FREE_TEXT,
        "rationale": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("issue d’un point")
        verbose_name_plural = _("issues d’un point")
        ordering = ("item", "pk")
        constraints = [
            models.CheckConstraint(
                name="outcome_part_owned",
                condition=~Q(kind__in=[str(kind) for kind in FOLLOWED]) | Q(owner__isnull=False, due__isnull=False),
                violation_error_message=_("Une condition ou une action a un responsable et une échéance."),
            ),
            models.CheckConstraint(
                name="outcome_condition_of_decision",
                condition=~Q(kind__in=("precedent", "subsequent")) | Q(parent__isnull=False),
                violation_error_message=_("Une condition appartient à une décision."),
            ),
            models.CheckConstraint(
                name="outcome_decision_alone",
                condition=~Q(kind__in=("decision", "deferral")) | Q(parent__isnull=True),
                violation_error_message=_("Une décision n’appartient pas à une autre."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
