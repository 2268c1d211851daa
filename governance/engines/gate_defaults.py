"""The checklists proposed to a house that has none, in French, in words of our own; afterwards they are its data.

By method and gate, each line is (criterion, expected evidence, mandatory). What they cover follows the management
products and gates of domain reference A1 to A3; docs/formulas/gate-review.md.
"""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    text: str
    hint: str
    mandatory: bool = True


_OPTIONAL = False

PRINCE2: dict[str, tuple[Line, ...]] = {
    "G0": (
        Line("Le mandat dit pourquoi le projet existe et qui le demande", "Mandat signé"),
        Line("L’exécutif et le chef de projet sont nommés, et ce sont deux personnes", "Acte de désignation"),
        Line("L’exposé du projet décrit le résultat attendu, le périmètre et ses exclusions", "Exposé du projet"),
        Line("Le cas d’affaire sommaire compare au moins deux options, dont ne rien faire", "Cas d’affaire sommaire"),
        Line("Les leçons de projets semblables ont été lues", "Journal des leçons"),
        Line("Le plan de la phase d’initialisation dit qui travaille, combien de temps, à quel coût", "Plan"),
        Line("La protection des données et la sécurité ont reçu une première analyse", "Avis DPO et CISO", _OPTIONAL),
    ),
    "G1": (
        Line(
            "Le cas d’affaire est complet : bénéfices mesurables, coûts sur la durée de vie, risques", "Cas d’affaire"
        ),
        Line("La documentation d’initialisation est approuvée par l’exécutif", "DIP, version approuvée"),
        Line("Le plan de projet porte ses séquences, leurs produits et leurs dates", "Plan et référence"),
        Line("Les tolérances des sept cibles sont fixées", "Page des tolérances"),
        Line("Chaque bénéfice a un propriétaire et une mesure de départ", "Fiches de bénéfices"),
        Line("Les risques majeurs ont une réponse et un responsable", "Registre des risques"),
        Line("Les ressources de la première séquence sont réservées", "Accord des lignes"),
        Line(
            "La stratégie de marché public est arrêtée et son calendrier tient dans le plan",
            "Note de marché",
            _OPTIONAL,
        ),
        Line("L’analyse d’impact sur la protection des données est faite si elle est requise", "AIPD", _OPTIONAL),
    ),
    "Gn": (
        Line("Les produits de la séquence sont livrés et acceptés selon leurs critères", "Procès-verbaux de réception"),
        Line("Le rapport de fin de séquence compare le réalisé au plan", "Rapport de fin de séquence"),
        Line("Le plan de la séquence suivante est prêt : produits, dates, charges, coûts", "Plan de séquence"),
        Line("Le cas d’affaire a été revu avec les coûts et les dates du jour", "Cas d’affaire revu"),
        Line("La prévision jusqu’à la fin tient dans les tolérances, ou une exception est ouverte", "Tolérances"),
        Line("Les risques et les points ouverts sont à jour", "Registres"),
        Line("Les conditions des décisions précédentes sont levées", "Suivi des décisions"),
        Line("L’équipe de la séquence suivante est désignée", "Affectations", _OPTIONAL),
    ),
    "Gc": (
        Line("Tous les produits sont acceptés, les écarts ont une concession", "Procès-verbal de réception définitive"),
        Line("L’exploitation et le support ont repris le produit", "Convention de service"),
        Line("Le plan de revue des bénéfices désigne qui mesure quoi et quand", "Plan de revue"),
        Line("Les marchés sont soldés ou transférés", "État des marchés"),
        Line("Le rapport de fin de projet et les leçons sont écrits", "Rapport de fin de projet"),
        Line("Les points ouverts sont clos ou confiés à quelqu’un", "Liste des actions de suite"),
    ),
}

PM2: dict[str, tuple[Line, ...]] = {
    "G0": (
        Line("La demande d’initiation dit le besoin et l’effet attendu", "Project Initiation Request"),
        Line("Le cas d’affaire justifie l’investissement et compare les solutions", "Business Case"),
        Line("La charte fixe périmètre, jalons, coût et rôles", "Project Charter"),
        Line("Le comité de pilotage est constitué, propriétaire et fournisseur compris", "Liste des rôles"),
        Line("Les parties prenantes sont recensées", "Matrice des parties prenantes", _OPTIONAL),
    ),
    "G1": (
        Line("Le manuel du projet dit comment il est conduit et quels rôles décident quoi", "Project Handbook"),
        Line("Le plan de travail porte tâches, charges, calendrier et coûts", "Project Work Plan"),
        Line("L’acceptation des livrables est planifiée avec ses critères", "Deliverables Acceptance Plan"),
        Line("La transition et la mise en œuvre métier sont planifiées", "Transition et Business Implementation Plan"),
        Line("Les registres des risques, points ouverts, décisions et changements sont ouverts", "Registres"),
        Line("Les achats sont planifiés", "Outsourcing Plan", _OPTIONAL),
    ),
    "Gn": (
        Line("Les livrables de l’étape sont acceptés par le propriétaire du projet", "Notes d’acceptation"),
        Line("Le rapport d’avancement couvre coût, délai, périmètre et qualité", "Project Progress Report"),
        Line("Le plan de travail de l’étape suivante est mis à jour", "Project Work Plan"),
        Line("La revue de qualité a eu lieu et ses remarques sont suivies", "Quality Review Report"),
        Line("Les demandes de changement sont toutes tranchées", "Change Log"),
        Line("Le cas d’affaire reste valable", "Business Case"),
    ),
    "Gc": (
        Line("Les livrables sont acceptés et transférés", "Note d’acceptation finale"),
        Line("La transition est achevée, l’exploitation a pris le relais", "Liste de contrôle de transition"),
        Line("Les activités de mise en œuvre métier sont faites ou planifiées", "Business Implementation Plan"),
        Line("Les registres ne gardent aucun point sans responsable", "Registres"),
        Line("Le rapport de fin de projet et les leçons sont prêts", "Project-End Report"),
    ),
}

AGILE: dict[str, tuple[Line, ...]] = {
    "G0": (
        Line("La vision du produit tient en une page et nomme ses utilisateurs", "Vision du produit"),
        Line("Un responsable de produit est désigné et disponible", "Désignation"),
        Line("L’hypothèse de valeur dit comment elle sera mesurée", "Hypothèse et mesure"),
        Line("Les contraintes connues sont listées : légales, de sécurité, d’architecture", "Note de cadrage"),
    ),
    "G1": (
        Line("Le carnet de produit est assez mûr pour deux versions", "Carnet de produit"),
        Line("L’équipe est formée et stable pour la première version", "Composition de l’équipe"),
        Line("La définition de « terminé » est écrite et acceptée", "Définition de terminé"),
        Line("L’enveloppe, l’échéance et ce qui peut en sortir sont convenus", "Accord de périmètre variable"),
        Line("La chaîne de livraison et d’essais automatiques fonctionne", "Rapport d’intégration continue"),
        Line("Les risques principaux ont été éprouvés par un essai", "Compte rendu d’essai", _OPTIONAL),
    ),
    "Gn": (
        Line("La version a été montrée à ses utilisateurs et leurs retours sont au carnet", "Compte rendu de revue"),
        Line("Ce qui est livré répond à la définition de « terminé »", "Rapport de recette"),
        Line("La valeur obtenue est mesurée contre l’hypothèse", "Mesure"),
        Line("Le rythme observé permet la version suivante à l’échéance", "Courbe d’avancement"),
        Line("La dette technique et les défauts ouverts restent sous la limite convenue", "Tableau de qualité"),
        Line("La rétrospective a donné au moins une amélioration, suivie", "Actions de rétrospective", _OPTIONAL),
    ),
    "Gc": (
        Line("Ce qui reste au carnet est abandonné ou confié à une équipe", "Carnet trié"),
        Line("L’équipe d’exploitation sait livrer seule une correction", "Livraison témoin"),
        Line("La valeur continue d’être mesurée, par qui et quand", "Plan de mesure"),
        Line("La documentation utile à l’exploitation est à jour", "Documentation"),
        Line("Les leçons sont notées", "Journal des leçons"),
    ),
}

CHECKLISTS: dict[str, dict[str, tuple[Line, ...]]] = {"prince2": PRINCE2, "pm2": PM2, "agile": AGILE}
