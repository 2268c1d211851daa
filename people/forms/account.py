from django import forms
from django.utils.translation import gettext_lazy as _

from people.enums import Language, ReviewerKind, Role, RoleAction, Theme, TokenScope
from people.models import Person, User


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(label=_("Langue"), choices=Language.choices, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label=_("Thème"), choices=Theme.choices, widget=forms.RadioSelect)
    compact_rows = forms.BooleanField(label=_("Lignes de tableau compactes"), required=False)
    single_key_shortcuts = forms.BooleanField(
        label=_("Raccourcis clavier à une seule touche"),
        required=False,
        help_text=_("À désactiver si vous dictez votre texte : une lettre isolée ne déclenche alors plus rien."),
    )


class TokenForm(forms.Form):
    name = forms.CharField(label=_("Nom de la clé"), max_length=80, help_text=_("Ce à quoi elle sert."))
    scopes = forms.MultipleChoiceField(
        label=_("Portées"),
        choices=[(scope.value, scope.label) for scope in TokenScope],
        widget=forms.CheckboxSelectMultiple,
        initial=[TokenScope.READ.value],
    )
    days = forms.IntegerField(
        label=_("Durée en jours"), min_value=1, max_value=365, initial=90, help_text=_("Un an au plus.")
    )

    def clean_scopes(self) -> list[TokenScope]:
        return [TokenScope(scope) for scope in self.cleaned_data["scopes"]]


class AccountForm(forms.Form):
    username = forms.SlugField(label=_("Nom d’utilisateur"), max_length=80)
    email = forms.EmailField(label=_("Adresse e-mail"))
    person = forms.ModelChoiceField(
        label=_("Personne"),
        queryset=Person.objects.none(),
        required=False,
        help_text=_("Seules les personnes sans compte sont proposées."),
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["person"].queryset = Person.objects.filter(user=None)  # type: ignore[attr-defined]


class RoleRequestForm(forms.Form):
    action = forms.ChoiceField(label=_("Action"), choices=RoleAction.choices, widget=forms.RadioSelect, initial="grant")
    user = forms.ModelChoiceField(label=_("Compte"), queryset=User.objects.none())
    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices)
    reviewer_kind = forms.ChoiceField(label=_("Relecture"), choices=[("", "—"), *ReviewerKind.choices], required=False)
    valid_from = forms.DateField(label=_("Dès le"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(
        label=_("Jusqu’au (non compris)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(label=_("Motif"), max_length=200)

    def __init__(self, data: object = None, *, by: User) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        others = User.objects.filter(is_active=True).exclude(pk=by.pk).select_related("person").order_by("username")
        self.fields["user"].queryset = others  # type: ignore[attr-defined]
