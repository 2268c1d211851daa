from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import AcceptanceVerdict, ReviewResult
from portfolio.models.product import Product
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned

EVIDENCE = 400


def _role(label: object) -> "models.ForeignKey[Person | None, Person | None]":
    return models.ForeignKey(
        Person,
        verbose_name=label,  # type: ignore[arg-type]
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


def page_of(evidence: str) -> str:
    """The evidence when it is a page to open; empty when it is a reference in words."""
    return evidence if evidence.startswith("https://") else ""


@tracked
class ProductReview(Versioned):
    """One quality review of a product under its four roles; its result is written once."""

    product = models.ForeignKey(Product, verbose_name=_("produit"), on_delete=models.CASCADE, related_name="reviews")
    number = models.PositiveSmallIntegerField(_("numéro"))
    planned_on = models.DateField(_("prévu le"))
    chair = _role(_("préside"))
    presenter = _role(_("présente"))
    reviewer_1 = _role(_("relecteur"))
    reviewer_2 = _role(_("deuxième relecteur"))
    reviewer_3 = _role(_("troisième relecteur"))
    administrator = _role(_("tient le procès-verbal"))
    held_on = models.DateField(_("tenu le"), null=True, blank=True)
    result = models.CharField(_("résultat"), max_length=10, choices=ReviewResult, blank=True, default="")
    note = models.CharField(_("constat"), max_length=400, blank=True, default="")
    evidence = models.CharField(_("preuve"), max_length=EVIDENCE, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "chair": PersonalData.IDENTITY,
        "presenter": PersonalData.IDENTITY,
        "reviewer_1": PersonalData.IDENTITY,
        "reviewer_2": PersonalData.IDENTITY,
        "reviewer_3": PersonalData.IDENTITY,
        "administrator": PersonalData.IDENTITY,
        "note": PersonalData.FREE_TEXT,
        "evidence": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("contrôle qualité")
        verbose_name_plural = _("contrôles qualité")
        ordering = ("product", "number")
        constraints = [
            models.UniqueConstraint(name="product_review_number_unique", fields=("product", "number")),
            models.CheckConstraint(
                name="product_review_held_has_result",
                condition=Q(held_on__isnull=True, result="") | (Q(held_on__isnull=False) & ~Q(result="")),
                violation_error_message=_("Un contrôle tenu porte sa date et son résultat."),
            ),
            models.CheckConstraint(
                name="product_review_chair_does_not_present",
                condition=Q(chair__isnull=True) | Q(presenter__isnull=True) | ~Q(chair=F("presenter")),
                violation_error_message=_("Qui présente le produit ne préside pas son contrôle."),
            ),
            *(
                models.CheckConstraint(
                    name=f"product_review_presenter_is_not_{name}",
                    condition=Q(presenter__isnull=True) | Q(**{f"{name}__isnull": True}) | ~Q(presenter=F(name)),
                    violation_error_message=_("Qui présente le produit n’en est pas relecteur."),
                )
                for name in ("reviewer_1", "reviewer_2", "reviewer_3")
            ),
        ]

    def __str__(self) -> str:
        return _("Contrôle %(number)s de %(product)s") % {"number": self.number, "product": self.product}

    @property
    def project(self) -> Project:
        return self.product.project

    @property
    def reviewers(self) -> list[Person]:
        return [one for one in (self.reviewer_1, self.reviewer_2, self.reviewer_3) if one is not None]

    @property
    def is_held(self) -> bool:
        return self.held_on is not None

    @property
    def evidence_url(self) -> str:
        return page_of(self.evidence)


@tracked
class ReviewAction(Versioned):
    """Something a quality review left to do: who, by when, and the evidence that it is done."""

    review = models.ForeignKey(
        ProductReview, verbose_name=_("contrôle"), on_delete=models.CASCADE, related_name="actions"
    )
    number = models.PositiveSmallIntegerField(_("numéro"))
    text = models.CharField(_("à faire"), max_length=300)
    owner = models.ForeignKey(Person, verbose_name=_("responsable"), on_delete=models.PROTECT, related_name="+")
    due = models.DateField(_("pour le"))
    done_on = models.DateField(_("fait le"), null=True, blank=True)
    evidence = models.CharField(_("preuve"), max_length=EVIDENCE, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "owner": PersonalData.IDENTITY,
        "text": PersonalData.FREE_TEXT,
        "evidence": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("suite d’un contrôle")
        verbose_name_plural = _("suites d’un contrôle")
        ordering = ("review", "number")
        constraints = [
            models.UniqueConstraint(name="review_action_number_unique", fields=("review", "number")),
            models.CheckConstraint(
                name="review_action_done_with_evidence",
                condition=Q(done_on__isnull=True) | ~Q(evidence=""),
                violation_error_message=_("Une suite se clôt par sa preuve."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def project(self) -> Project:
        return self.review.product.project

    @property
    def evidence_url(self) -> str:
        return page_of(self.evidence)


@tracked
class ProductAcceptance(models.Model):
    """One answer to a product handed over: by whom, not its producer, on which day, against which criteria.

    `criteria` holds each criterion as it read that day, with whether it was met and what was found. Never edited.
    """

    product = models.ForeignKey(
        Product, verbose_name=_("produit"), on_delete=models.CASCADE, related_name="acceptances"
    )
    verdict = models.CharField(_("verdict"), max_length=8, choices=AcceptanceVerdict)
    person = models.ForeignKey(Person, verbose_name=_("par"), on_delete=models.PROTECT, related_name="+")
    producer = models.ForeignKey(Person, verbose_name=_("producteur"), on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("le"))
    criteria = models.JSONField(_("critères"), default=list)
    note = models.CharField(_("réserves ou motif"), max_length=400, blank=True, default="")
    evidence = models.CharField(_("preuve"), max_length=EVIDENCE, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("inscrit par"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("inscrit le"))

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "person": PersonalData.IDENTITY,
        "producer": PersonalData.IDENTITY,
        "criteria": PersonalData.FREE_TEXT,
        "note": PersonalData.FREE_TEXT,
        "evidence": PersonalData.FREE_TEXT,
        "recorded_by": PersonalData.IDENTITY,
    }

    class Meta:
        verbose_name = _("acceptation")
        ordering = ("product", "-recorded_at", "-pk")
        constraints = [
            models.CheckConstraint(
                name="product_acceptance_by_another",
                condition=~Q(person=F("producer")),
                violation_error_message=_("Un produit n’est pas accepté par son producteur."),
            ),
            models.CheckConstraint(
                name="product_acceptance_says_why",
                condition=Q(verdict="accepted") | ~Q(note=""),
                violation_error_message=_("Des réserves ou un refus se motivent."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="acceptance_never_edited", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.product} : {self.get_verdict_display()}"

    @property
    def evidence_url(self) -> str:
        return page_of(self.evidence)
