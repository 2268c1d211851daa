"""Why an import was refused, in the reader's language; codes are stable, sentences are not."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio.engines.jira_item import JiraRefusedError
from portfolio.engines.schedule_file import ScheduleRefusedError
from portfolio.engines.tabular import TableRefusedError

MAX_FILE_SIZE = 10 * 1024 * 1024

_SENTENCES: dict[str, Promise] = {
    "empty": gettext_lazy("Le fichier est vide."),
    "file_too_big": gettext_lazy("Le fichier dépasse la limite de %(limit)s Mo."),
    "wrong_type": gettext_lazy("Ce fichier est de type %(shown)s ; le format choisi attend %(expected)s."),
    "unknown_encoding": gettext_lazy("Encodage inconnu : %(encoding)s. Encodages acceptés : %(known)s."),
    "unknown_delimiter": gettext_lazy("Séparateur inconnu : « %(delimiter)s »."),
    "encoding_contradicted": gettext_lazy("Le fichier est en %(shown)s alors que l’encodage déclaré est %(declared)s."),
    "bad_encoding": gettext_lazy("L’octet %(byte)s n’existe pas dans l’encodage déclaré (%(declared)s)."),
    "nul": gettext_lazy("Le fichier contient un octet nul : ce n’est pas un texte."),
    "unterminated_quote": gettext_lazy("Un guillemet ouvert ici n’est jamais refermé."),
    "bad_quoting": gettext_lazy("Un guillemet est mal placé dans cet enregistrement."),
    "cell_too_long": gettext_lazy("Une cellule est trop longue (un guillemet n’est peut-être pas refermé)."),
    "ragged": gettext_lazy(
        "%(total)s ligne(s) n’ont pas le nombre de colonnes de l’en-tête (%(expected)s) : lignes %(lines)s."
    ),
    "no_header": gettext_lazy("Il n’y a pas d’en-tête à cet endroit."),
    "no_rows": gettext_lazy("Il n’y a aucune ligne de données sous l’en-tête."),
    "repeated_headers": gettext_lazy("Des intitulés de colonnes se répètent : %(columns)s."),
    "unnamed_column": gettext_lazy("La colonne %(column)s n’a pas d’intitulé mais contient des données."),
    "too_many_columns": gettext_lazy("La feuille compte %(count)s colonnes, la limite est de %(limit)s."),
    "too_many_rows": gettext_lazy("La feuille dépasse la limite de %(limit)s lignes."),
    "transposed": gettext_lazy("Cette feuille est transposée : les projets sont en colonnes, il les faut en lignes."),
    "missing_columns": gettext_lazy("Colonnes absentes pour le format « %(mapping)s » (%(variant)s) : %(columns)s."),
    "unreadable_workbook": gettext_lazy("Ce classeur est endommagé ou n’est pas un fichier XLSX."),
    "encrypted": gettext_lazy("Ce classeur est protégé par un mot de passe."),
    "document_type": gettext_lazy("Ce classeur contient une déclaration de type de document, ce qui est interdit."),
    "unpacked_too_big": gettext_lazy("Décompressé, ce classeur dépasse la limite de %(limit)s Mo."),
    "workbook_too_big": gettext_lazy("Ce classeur dépasse la limite de %(limit)s éléments."),
    "too_many_sheets": gettext_lazy("Ce classeur dépasse la limite de %(limit)s feuilles."),
    "far_cell": gettext_lazy(
        "La cellule %(cell)s est remplie au-delà de la limite de %(limit)s lignes : la feuille n’est pas une liste."
    ),
    "which_sheet": gettext_lazy("La feuille à lire n’est pas déterminée ; feuilles du classeur : %(sheets)s."),
    "formula_without_value": gettext_lazy(
        "%(total)s formule(s) n’ont pas de valeur enregistrée : ouvrez et enregistrez le classeur, puis recommencez."
    ),
    "bad_cells": gettext_lazy("%(total)s cellule(s) ne sont pas dans le format déclaré : %(cells)s."),
    "duplicate_rows": gettext_lazy("Le même projet figure plusieurs fois : lignes %(lines)s."),
    "unknown_mapping": gettext_lazy("Format inconnu : %(name)s. Formats fournis : %(known)s."),
    "bad_mapping": gettext_lazy("Le fichier de format n’est pas valable : %(problem)s."),
    "upload_expired": gettext_lazy("Ce dépôt a expiré : déposez le fichier de nouveau."),
    "unknown_project": gettext_lazy("Il n’y a pas de projet %(project)s."),
    "unreadable_file": gettext_lazy("Le fichier ne peut pas être lu : %(problem)s."),
    "portfolio_rule": gettext_lazy("Une règle du portefeuille refuse cet import : %(problem)s."),
    "not_a_schedule": gettext_lazy("Ce document XML (« %(shown)s ») n’est pas un planning d’un format connu."),
    "xml_document_type": gettext_lazy("Ce fichier contient une déclaration de type de document, ce qui est interdit."),
    "xml_broken": gettext_lazy("Ce fichier n’est pas un XML bien formé (%(problem)s)."),
    "xml_cut_short": gettext_lazy("Ce fichier XML s’arrête avant sa fin : il a été coupé."),
    "too_deep": gettext_lazy("Les éléments de ce fichier s’emboîtent sur plus de %(limit)s niveaux."),
    "too_many_elements": gettext_lazy("Ce fichier dépasse la limite de %(limit)s éléments."),
    "too_many_records": gettext_lazy("Ce fichier dépasse la limite de %(limit)s éléments « %(kind)s »."),
    "too_many_doubts": gettext_lazy("Plus de %(limit)s valeurs de ce fichier sont illisibles : rien n’est importé."),
    "text_too_long": gettext_lazy("Un texte de ce fichier dépasse la limite de %(limit)s caractères."),
    "date_out_of_range": gettext_lazy("La date %(value)s (« %(column)s ») est hors des années 1900 à 2199."),
    "missing_uid": gettext_lazy("Un élément « %(kind)s » n’a pas d’identifiant (UID)."),
    "repeated_uid": gettext_lazy("L’identifiant (UID) %(uid)s est porté par plusieurs éléments « %(kind)s »."),
    "cycle": gettext_lazy("Les liens tournent en rond : %(path)s."),
    "no_working_time": gettext_lazy(
        "Le calendrier « %(calendar)s » n’a pas les heures de travail que ce planning demande."
    ),
    "schedule_needs_mpxj": gettext_lazy(
        "Ce serveur ne lit pas les fichiers %(format)s. Dans votre logiciel, enregistrez le planning au format XML "
        "de MS Project (Fichier, Enregistrer sous, type « Format XML »), puis importez ce fichier XML."
    ),
    "schedule_protected": gettext_lazy(
        "Ce fichier %(format)s est protégé par un mot de passe : enregistrez-le sans mot de passe, puis recommencez."
    ),
    "schedule_unreadable": gettext_lazy(
        "Ce fichier %(format)s ne peut pas être lu. Enregistrez le planning au format XML de MS Project (Fichier, "
        "Enregistrer sous, type « Format XML »), puis importez ce fichier XML."
    ),
    "reading_too_long": gettext_lazy("La lecture de ce fichier prend plus de %(limit)s secondes : elle est arrêtée."),
    "not_jira_csv": gettext_lazy(
        "Ce fichier n’est pas un export de Jira : il y manque la clé ou l’état des demandes (« Clé de ticket » et "
        "« État », en français, en néerlandais ou en anglais)."
    ),
    "not_jira_json": gettext_lazy("Ce document JSON n’est pas une réponse de la recherche de Jira."),
    "no_issues": gettext_lazy("Cette réponse de Jira ne contient aucune demande."),
    "json_broken": gettext_lazy("Ce fichier JSON est illisible ou coupé (%(problem)s)."),
    "mixed_dates": gettext_lazy(
        "Les dates se contredisent : « %(one)s » commence par le jour, « %(other)s » par le mois."
    ),
    "unclear_dates": gettext_lazy(
        "La date « %(value)s » se lit de deux façons : dites si le jour ou le mois vient en premier."
    ),
    "too_many_issues": gettext_lazy("Plus de %(limit)s demandes : limitez l’export à ce projet."),
    "too_many_groups": gettext_lazy("Plus de %(limit)s groupes : choisissez un autre regroupement."),
    "older_than_kept": gettext_lazy(
        "Ce fichier date du %(day)s ; des données du %(kept)s sont déjà là. Rien n’est ramené en arrière."
    ),
    "jira_file_or_live": gettext_lazy("Donnez un fichier, ou --live, et non les deux."),
    "jira_not_configured": gettext_lazy("Ce serveur n’est relié à aucun Jira : déposez un export à la place."),
    "jira_no_project": gettext_lazy("Aucun projet de Jira n’est désigné pour ce projet : le PSO le désigne."),
    "jira_address": gettext_lazy("L’adresse de Jira configurée sur ce serveur n’est pas une adresse https."),
    "jira_certificate": gettext_lazy("Le certificat du serveur Jira n’est pas valable : rien n’a été lu."),
    "jira_unauthorised": gettext_lazy(
        "Jira refuse le compte de ce serveur : son jeton a expiré, ou il ne voit pas ce projet."
    ),
    "jira_unknown_project": gettext_lazy("Jira ne connaît pas ce projet, ou ne le montre pas au compte de ce serveur."),
    "jira_busy": gettext_lazy("Jira limite les lectures : recommencez dans %(seconds)s secondes."),
    "jira_away": gettext_lazy("Jira ne répond pas : recommencez plus tard."),
    "jira_slow": gettext_lazy("Jira répond trop lentement : la lecture est arrêtée."),
    "jira_unreadable": gettext_lazy("La réponse de Jira est illisible ou coupée : rien n’a été lu."),
    "jira_too_big": gettext_lazy("Une réponse de Jira dépasse la limite de %(limit)s Mo."),
    "jira_answer": gettext_lazy("Jira a répondu par le code %(status)s : vérifiez l’adresse configurée."),
    "changed_meanwhile": gettext_lazy(
        "Le portefeuille a changé depuis la réconciliation : relisez-la avant d’importer."
    ),
}


class ImportRefusedError(Exception):
    """The import changed nothing; `code` and `details` for programs, `message` for people."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        self.message = _sentence(code, details)
        super().__init__(self.message)

    def as_json(self) -> dict[str, object]:
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}


def refusal(error: TableRefusedError | ScheduleRefusedError | JiraRefusedError) -> ImportRefusedError:
    return ImportRefusedError(error.code, **error.details)


def _sentence(code: str, details: Mapping[str, object]) -> str:
    shown = {name: _shown(value) for name, value in details.items()}
    sentence = str(_SENTENCES[code]) % shown
    if "line" in details and code != "ragged":
        return _("Ligne %(line)s : %(sentence)s") % {"line": details["line"], "sentence": sentence}
    return sentence


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, Mapping):
        return _("ligne %(row)s, « %(column)s » : %(value)s") % dict(value)
    return str(value)
