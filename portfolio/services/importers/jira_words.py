"""What happened to the rows of a Jira source, in the reader's language; codes are stable, sentences are not."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

REFUSED: Mapping[str, Promise] = {
    "blank_row": gettext_lazy("Ligne vide."),
    "wrong_cells": gettext_lazy("La ligne n’a pas le nombre de colonnes de l’en-tête."),
    "no_key": gettext_lazy("La demande n’a pas de clé."),
    "bad_key": gettext_lazy("Ce n’est pas une clé de Jira (comme ABC-12)."),
    "repeated_key": gettext_lazy("La même clé figure déjà plus haut."),
    "no_status": gettext_lazy("La demande n’a pas d’état."),
}
FIELDS: Mapping[str, Promise] = {
    "summary": gettext_lazy("Résumé"),
    "kind": gettext_lazy("Type"),
    "status": gettext_lazy("État"),
    "category": gettext_lazy("Catégorie"),
    "role": gettext_lazy("Nature"),
    "is_dropped": gettext_lazy("Close sans livraison"),
    "created_on": gettext_lazy("Créée le"),
    "done_on": gettext_lazy("Finie le"),
    "epic": gettext_lazy("Epic (parent)"),
    "components": gettext_lazy("Composants"),
    "versions": gettext_lazy("Versions corrigées"),
    "moves": gettext_lazy("Changements de groupe connus"),
    "gone_on": gettext_lazy("Sortie du périmètre le"),
}


def refused_text(reason: str) -> str:
    return str(REFUSED[reason])
