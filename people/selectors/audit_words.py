"""The acts of the audit trail in words: every verb, and every key of what an act says of itself.

The trail keeps codes, this is their only dictionary; a code without a word is shown as it is. The words
of a field of a model are the model's own: `FIELDS` tells which field a key speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: Mapping[str, Promise] = {
    "absence.added": _("absence inscrite"),
    "absence.ended": _("absence terminée"),
    "account.closed": _("compte fermé"),
    "account.created": _("compte créé"),
    "api_token.created": _("clé d’API créée"),
    "api_token.revoked": _("clé d’API retirée"),
    "axis.created": _("axe stratégique créé"),
    "axis.updated": _("axe stratégique modifié"),
    "body.created": _("instance créée"),
    "body.mandate_added": _("mandat ajouté"),
    "body.seat_added": _("siège ajouté"),
    "body.seat_ended": _("siège terminé"),
    "body.sitting_added": _("séance ajoutée"),
    "body.updated": _("instance modifiée"),
    "budget_line.created": _("ligne budgétaire ajoutée"),
    "budget_line.updated": _("ligne budgétaire modifiée"),
    "calendar.changed": _("rythme des semaines changé"),
    "chase.noted": _("note de relance"),
    "chase.reminded": _("rappel envoyé"),
    "closing_day.added": _("jour de fermeture ajouté"),
    "closing_day.removed": _("jour de fermeture retiré"),
    "correction.accepted": _("correction retenue"),
    "correction.proposed": _("correction signalée"),
    "correction.refused": _("correction écartée"),
    "cycle.frozen": _("semaine gelée"),
    "decision_request.opened": _("demande ouverte"),
    "decision_request.updated": _("demande modifiée"),
    "decision_request.withdrawn": _("demande retirée"),
    "demo.seeded": _("démonstration chargée"),
    "incident.bundled": _("dossier d’incident produit"),
    "job.retried": _("tâche relancée"),
    "mail.arrived": _("courriel déclaré arrivé"),
    "mail.sent_again": _("courriel renvoyé"),
    "milestone.created": _("jalon ajouté"),
    "milestone.updated": _("jalon modifié"),
    "pack.approved": _("pack approuvé"),
    "pack.chosen": _("contenu du pack choisi"),
    "pack.distributed": _("pack distribué"),
    "pack.downloaded": _("pack téléchargé"),
    "pack.erratum_prepared": _("erratum préparé"),
    "pack.link_revoked": _("lien personnel retiré"),
    "pack.published": _("pack publié"),
    "pack.rendered": _("pack imprimé"),
    "person.erased": _("données personnelles effacées"),
    "portfolio.imported": _("liste de projets importée"),
    "programme.created": _("programme créé"),
    "programme.updated": _("programme modifié"),
    "project.created": _("projet créé"),
    "project.moved": _("étape du cycle de vie changée"),
    "project.ranked": _("rang, chef de projet ou programme modifié"),
    "project.ranks_shifted": _("rangs suivants décalés"),
    "project.updated": _("fiche modifiée"),
    "risk.closed": _("risque clos"),
    "risk.raised": _("risque relevé"),
    "risk.reopened": _("risque rouvert"),
    "risk.updated": _("risque modifié"),
    "role.granted": _("rôle attribué"),
    "role.revoked": _("rôle retiré"),
    "role_request.approved": _("demande de rôle approuvée"),
    "role_request.created": _("demande de rôle déposée"),
    "role_request.refused": _("demande de rôle refusée"),
    "session.opened": _("session ouverte"),
    "stage.created": _("séquence ajoutée"),
    "stage.updated": _("séquence modifiée"),
    "status_report.corrected": _("statut corrigé"),
    "status_report.submitted": _("statut remis"),
    "tolerance.created": _("tolérance fixée"),
    "tolerance.updated": _("tolérance modifiée"),
}

KEYS: Mapping[str, Promise] = {
    "as_of": _("arrêté au"),
    "channel": _("voie"),
    "correction": _("correction n°"),
    "corrections": _("corrections"),
    "created": _("créés"),
    "data_hash": _("empreinte des données"),
    "days": _("durée en jours"),
    "deputy": _("suppléant"),
    "edition": _("version"),
    "entries": _("entrées"),
    "expected": _("statuts attendus"),
    "fields": _("champs"),
    "file": _("fichier"),
    "for_person": _("pour le compte de"),
    "format": _("format"),
    "from": _("du"),
    "from_rank": _("à partir du rang"),
    "kind": _("nature"),
    "pages": _("pages"),
    "pdf_sha256": _("empreinte du PDF"),
    "project": _("projet"),
    "projects": _("projets"),
    "recipients": _("destinataires"),
    "received": _("statuts reçus"),
    "request": _("demande n°"),
    "risks_confirmed": _("risques confirmés"),
    "rows": _("lignes"),
    "scopes": _("portées"),
    "seed": _("graine"),
    "sha256": _("empreinte du fichier"),
    "shifted": _("projets décalés"),
    "since": _("depuis"),
    "skipped": _("lignes écartées"),
    "texts": _("textes"),
    "to": _("au"),
    "unchanged": _("rien n’a changé"),
    "updated": _("modifiés"),
    "week": _("semaine"),
    "weeks": _("semaines"),
}

FIELDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("governance.body", "person"): ("governance.seat", "person"),
    ("governance.body", "role"): ("governance.seat", "role"),
    ("governance.body", "starts_at"): ("governance.sitting", "starts_at"),
    ("governance.body", "subject"): ("governance.mandate", "subject"),
    ("people.user", "action"): ("people.rolerequest", "action"),
    ("people.user", "reviewer_kind"): ("people.roleassignment", "reviewer_kind"),
    ("people.user", "role"): ("people.roleassignment", "role"),
    ("people.mail", "before"): ("people.mail", "state"),
    ("portfolio.project", "kind"): ("reporting.correction", "kind"),
    ("portfolio.project", "text"): ("reporting.correction", "text"),
    ("reporting.pack", "for"): ("reporting.pack", "approved_for"),
    ("reporting.pack", "recipient"): ("reporting.packrecipient", "user"),
    ("reporting.pack", "language"): ("reporting.packrendition", "language"),
    ("reporting.packrendition", "language"): ("reporting.packrendition", "language"),
    ("portfolio.reportingcalendar", "valid_from"): ("portfolio.reportingcalendar", "valid_from"),
}


def verb_text(verb: str) -> str:
    """An act in words."""
    return str(VERBS.get(verb, verb))


def key_text(key: str) -> str:
    return str(KEYS.get(key, key))
