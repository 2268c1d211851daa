from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.enums import PersonalData
from people.models.history import tracked
from people.models.person import Person
from portfolio.enums import ProductKind, ProductState
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned
from portfolio.models.work_package import WorkPackage

identifier_rule = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", _("Lettres, chiffres, points et tirets seulement, p. ex. 1.2 ou LIV-03.")
)


@tracked
class Product(Versioned):
    """One product of a project's breakdown, from its description to its acceptance by somebody else than its producer.

    Criteria are rows of their own; a group holds products and is never accepted itself.
    """

    project = models.ForeignKey(Project, verbose_name=_("projet"), on_delete=models.CASCADE, related_name="products")
    parent = models.ForeignKey(
        "self", verbose_name=_("fait partie de"), null=True, blank=True, on_delete=models.RESTRICT, related_name="parts"
    )
    identifier = models.CharField(_("identifiant"), max_length=16, validators=[identifier_rule])
    title = models.CharField(_("intitulé"), max_length=140)
    kind = models.CharField(_("nature"), max_length=11, choices=ProductKind, default=ProductKind.PRODUCT)
    purpose = models.CharField(_("but"), max_length=400, blank=True, default="")
    producer = models.ForeignKey(
        Person, verbose_name=_("producteur"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acceptor = models.ForeignKey(
        Person,
        verbose_name=_("responsable de l’acceptation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    milestone = models.ForeignKey(
        Milestone, verbose_name=_("jalon"), null=True, blank=True, on_delete=models.SET_NULL, related_name="products"
    )
    work_package = models.ForeignKey(
        WorkPackage,
        verbose_name=_("lot de travaux"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="products",
    )
    planned_on = models.DateField(_("acceptation prévue au départ"), null=True, blank=True)
    forecast_on = models.DateField(_("acceptation prévue aujourd’hui"), null=True, blank=True)
    accepted_on = models.DateField(_("accepté le"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        Person, verbose_name=_("accepté par"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("état"), max_length=11, choices=ProductState, default=ProductState.PLANNED)
    state_reason = models.CharField(_("motif"), max_length=300, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "producer": PersonalData.IDENTITY,
        "acceptor": PersonalData.IDENTITY,
        "accepted_by": PersonalData.IDENTITY,
        "state_reason": PersonalData.FREE_TEXT,
    }

    class Meta:
        verbose_name = _("produit")
        ordering = ("project", "identifier")
        constraints = [
            models.UniqueConstraint(
                name="product_identifier_unique",
                fields=("project", "identifier"),
                violation_error_message=_("Cet identifiant existe déjà dans ce projet."),
            ),
            models.CheckConstraint(
                name="product_identifier_in_addresses",
                condition=Q(identifier__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
                violation_error_message=_("Lettres, chiffres, points et tirets seulement."),
            ),
            models.CheckConstraint(
                name="product_not_part_of_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("Un produit ne fait pas partie de lui-même."),
            ),
            models.CheckConstraint(
                name="product_acceptor_is_not_producer",
                condition=Q(acceptor__isnull=True) | Q(producer__isnull=True) | ~Q(acceptor=F("producer")),
                violation_error_message=_("Une autre personne que le producteur accepte le produit."),
            ),
            models.CheckConstraint(
                name="product_accepted_by_another",
                condition=Q(accepted_by__isnull=True) | (Q(producer__isnull=False) & ~Q(accepted_by=F("producer"))),
                violation_error_message=_("Un produit n’est pas accepté par son producteur."),
            ),
            models.CheckConstraint(
                name="product_accepted_is_dated",
                condition=Q(state="accepted", accepted_on__isnull=False, accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_on__isnull=True, accepted_by__isnull=True)),
                violation_error_message=_("Un produit accepté porte sa date et qui l’a accepté."),
            ),
            models.CheckConstraint(
                name="product_group_is_not_delivered",
                condition=~Q(kind="group") | Q(state__in=("planned", "cancelled")),
                violation_error_message=_("Un regroupement n’est ni produit ni accepté : ses produits le sont."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("portfolio:product", args=[self.project.code, self.identifier])

    @property
    def is_group(self) -> bool:
        return self.kind == ProductKind.GROUP

    def clean(self) -> None:
        strangers = {
            name: _("Cette ligne n’est pas de ce projet.")
            for name in ("parent", "milestone", "work_package")
            if (row := getattr(self, name)) is not None and row.project_id != self.project_id
        }
        if strangers:
            raise ValidationError(strangers)


@tracked
class ProductCriterion(Versioned):
    """What a product must satisfy to be accepted, how that is measured, and how far it may differ."""

    product = models.ForeignKey(Product, verbose_name=_("produit"), on_delete=models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField(_("numéro"))
    text = models.CharField(_("critère"), max_length=300)
    method = models.CharField(_("méthode de contrôle"), max_length=200, blank=True, default="")
    tolerance = models.CharField(_("tolérance"), max_length=140, blank=True, default="")

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    class Meta:
        verbose_name = _("critère d’acceptation")
        verbose_name_plural = _("critères d’acceptation")
        ordering = ("product", "number")
        constraints = [
            models.UniqueConstraint(name="product_criterion_number_unique", fields=("product", "number")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def project(self) -> Project:
        return self.product.project
