"""What happened to the rows of a schedule file, in the reader's language; codes are stable, sentences are not."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from portfolio.engines.schedule_file import Skipped
from portfolio.engines.schedule_mapping import Departure

KINDS: dict[str, Promise] = {
    "Calendar": gettext_lazy("calendrier"),
    "Task": gettext_lazy("tâche"),
    "PredecessorLink": gettext_lazy("lien"),
    "Resource": gettext_lazy("ressource"),
    "Assignment": gettext_lazy("affectation"),
}
REASONS: dict[str, Promise] = {
    "blank_row": gettext_lazy("Ligne vide du planning."),
    "placeholder": gettext_lazy("Ressource sans nom, qui tient lieu de personne."),
    "another_file": gettext_lazy("Le lien vient d’un autre fichier."),
    "unknown_task": gettext_lazy("La tâche désignée n’est pas dans le fichier."),
    "unknown_resource": gettext_lazy("La ressource désignée n’est pas dans le fichier."),
    "to_itself": gettext_lazy("Le lien va d’une tâche à elle-même."),
    "repeated": gettext_lazy("Le même lien figure déjà plus haut."),
}
DEPARTURES: dict[Departure, Promise] = {
    Departure.SEVERAL_CALENDARS: gettext_lazy(
        "Plusieurs personnes aux semaines de travail différentes : calculée sur le calendrier du projet."
    ),
    Departure.LEVELLING_DELAY: gettext_lazy("Retardée par un nivellement que Cadran ne reprend pas."),
    Departure.ELAPSED_PERCENT: gettext_lazy("Décalage en pourcentage écoulé : converti en minutes écoulées."),
    Departure.NO_DATE: gettext_lazy("Contrainte ou planification manuelle sans date : placée au plus tôt."),
    Departure.FROM_FINISH: gettext_lazy("Planning construit à rebours depuis sa fin : calculé depuis son début."),
    Departure.INTERRUPTED: gettext_lazy(
        "Travail réparti à la main, avec des interruptions : elles comptent dans la durée calculée."
    ),
}


def skipped_text(item: Skipped) -> str:
    return str(REASONS[item.reason])
