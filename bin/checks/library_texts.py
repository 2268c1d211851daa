"""Texts of libraries that their own Dutch catalogue lacks, so that ours gives them."""

from django.utils.translation import gettext_noop, ngettext_lazy

TEXTS = (
    gettext_noop("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
