"""The fifty fictional projects that report, and four that do not; one line each."""
# ruff: noqa: E501

from __future__ import annotations

from typing import NamedTuple

from portfolio.enums import LifeCycle


class ProjectSpec(NamedTuple):
    """What a project is; `thing`, `actor` and `units` are the words its messages use (French, with article)."""

    fr: str
    nl: str
    en: str
    axis: str
    programme: str
    kind: str
    keur: int
    thing: str
    actor: str
    units: str
    life: LifeCycle = LifeCycle.STAGE


def _rows(axis: str, text: str) -> tuple[ProjectSpec, ...]:
    """Read one line per project: fr|nl|en|programme|kind|k€|thing|actor|units."""
    specs = []
    for line in text.strip().splitlines():
        fr, nl, en, programme, kind, keur, thing, actor, units = (part.strip() for part in line.split("|"))
        specs.append(ProjectSpec(fr, nl, en, axis, programme, kind, int(keur), thing, actor, units))
    return tuple(specs)


_ENSEIGN = """
Migration du moteur de paie enseignants|Migratie loonmotor leerkrachten|Teacher payroll migration|PRG-PAIE|app|4120|le moteur de paie|la direction du personnel enseignant|agents
Dossier unique de l’élève|Uniek leerlingdossier|Single pupil record|PRG-PAIE|app|1240|le dossier de l’élève|les réseaux d’enseignement|écoles
Décompte des prestations enseignants|Prestatieafrekening leerkrachten|Teacher hours statement|PRG-PAIE|app|680|le décompte des prestations|les secrétariats d’école|fiches
Inscriptions en ligne au secondaire|Online inschrijving secundair|Online secondary enrolment|PRG-GUICHET|app|310|le formulaire d’inscription|la commission des inscriptions|demandes
Manuels numériques partagés|Gedeelde digitale handboeken|Shared digital textbooks||buy|165|le catalogue de manuels|le service pédagogique|manuels
Évaluations externes en ligne|Externe toetsen online|External tests online||app|222|la plateforme d’évaluation|le service d’inspection|épreuves
Carrières et barèmes historiques|Loopbaan en historische barema’s|Career and pay-scale history|PRG-PAIE|data|430|la base des carrières|la cellule barèmes|carrières
Parcours de formation continue|Traject voor bijscholing|Continuing training path||app|120|le portail de formation|l’institut de formation|modules
"""

_USAGER = """
Identité numérique des usagers|Digitale identiteit van gebruikers|Digital identity for users|PRG-GUICHET|app|2860|le fournisseur d’identité|le service juridique|comptes
Guichet unique des bourses d’études|Uniek loket studietoelagen|Single desk for study grants|PRG-GUICHET|app|1110|le guichet des bourses|les allocations d’études|dossiers
Portail des aides sociales|Portaal sociale hulp|Social aid portal|PRG-GUICHET|app|920|le portail des aides|l’aide à la jeunesse|demandes
Espace personnel de l’agent public|Persoonlijke ruimte ambtenaar|Civil servant’s own space|PRG-AGENT|app|395|l’espace agent|la fonction publique|agents
Gestion des subventions culturelles|Beheer cultuursubsidies|Cultural grants management|PRG-GUICHET|app|890|la chaîne des subventions|la direction de la culture|conventions
Prise de rendez-vous aux guichets|Afspraken aan het loket|Front desk appointments||app|84|l’agenda des guichets|les antennes locales|créneaux
Refonte du site institutionnel|Vernieuwing institutionele site|Institutional site redesign||app|230|le site institutionnel|la communication|pages
Accessibilité des formulaires|Toegankelijkheid van formulieren|Accessible forms||org|72|la bibliothèque de formulaires|la cellule accessibilité|formulaires
Bornes d’accueil des antennes|Onthaalzuilen in de antennes|Welcome kiosks in local offices||buy|145|le parc de bornes|la logistique|bornes
Assistance multicanale aux usagers|Gebruikersondersteuning via alle kanalen|Multichannel user support||org|108|le centre de contact|les téléconseillers|appels
"""

_SOCLE = """
Réseau des écoles, phase 3|Scholennetwerk, fase 3|Schools network, phase 3|PRG-SOCLE|infra|2180|le réseau des écoles|les pouvoirs organisateurs|sites
Messagerie collaborative|Samenwerking en mail|Collaborative mail|PRG-SOCLE|infra|760|la messagerie|les référents bureautiques|comptes
Interconnexion avec la sécurité sociale|Koppeling met de sociale zekerheid|Link with social security|PRG-SOCLE|infra|1680|la passerelle d’échange|l’autorité de contrôle|flux
Sortie des serveurs hors support|Uitfasering oude servers|Retirement of old servers|PRG-SOCLE|infra|340|le parc de serveurs|les équipes applicatives|serveurs
Plateforme de conteneurs|Containerplatform|Container platform|PRG-SOCLE|infra|540|la plateforme de conteneurs|les équipes de développement|applications
Poste de travail 2027|Werkplek 2027|Workstation 2027|PRG-SOCLE|buy|1940|le poste de travail 2027|le support de proximité|postes
Téléphonie unifiée|Eengemaakte telefonie|Unified telephony|PRG-SOCLE|infra|238|la téléphonie unifiée|les standards|lignes
Supervision des services|Bewaking van diensten|Service monitoring||infra|132|la console de supervision|l’exploitation|sondes
Stockage objet mutualisé|Gedeelde objectopslag|Shared object storage||infra|198|le stockage objet|les propriétaires d’applications|volumes
"""

_CYBER = """
Centre de sécurité opérationnel mutualisé|Gedeeld veiligheidscentrum|Shared security operations centre|PRG-CYBER|sec|450|le centre de sécurité|l’équipe de veille|sources
Résilience du centre de données|Weerbaarheid van het datacenter|Data centre resilience|PRG-CYBER|infra|285|le second site|l’exploitation de nuit|services
Gestion des identités et des accès|Identiteits- en toegangsbeheer|Identity and access management|PRG-CYBER|sec|245|la gestion des accès|les gestionnaires d’habilitations|rôles
Sauvegarde immuable|Onveranderbare back-up|Immutable backup|PRG-CYBER|infra|215|la sauvegarde immuable|les administrateurs système|machines
Authentification forte des agents|Sterke authenticatie van agenten|Strong authentication of staff|PRG-CYBER|sec|140|l’authentification forte|les correspondants sécurité|agents
Gestion des vulnérabilités|Kwetsbaarhedenbeheer|Vulnerability management||sec|96|l’outil de détection|les responsables d’applications|serveurs
Exercices de crise numérique|Digitale crisisoefeningen|Digital crisis exercises||org|42|le plan de crise|la cellule de crise|scénarios
Protection des terminaux|Bescherming van toestellen|Endpoint protection|PRG-CYBER|sec|158|l’agent de protection|le support de proximité|terminaux
"""

_DATA = """
Archivage probant|Bewijskrachtige archivering|Evidential archiving|PRG-DATA|data|205|le service d’archivage|les archivistes|documents
Signature électronique|Elektronische handtekening|Electronic signature|PRG-DATA|app|182|le service de signature|le greffe des actes|actes
Catalogue de données|Gegevenscatalogus|Data catalogue|PRG-DATA|data|150|le catalogue de données|les intendants de données|jeux
Plateforme d’API|API-platform|API platform|PRG-DATA|infra|128|la plateforme d’API|les partenaires|interfaces
Observatoire de l’enseignement|Onderwijsobservatorium|Education observatory|PRG-DATA|data|115|l’entrepôt décisionnel|le service statistique|indicateurs
Référentiel des établissements|Referentiebestand instellingen|Register of schools|PRG-DATA|data|90|le référentiel des établissements|la cellule signalétique|établissements
Données ouvertes culture et médias|Open data cultuur en media|Open data on culture and media||data|54|le portail de données ouvertes|les opérateurs culturels|jeux
Échanges avec les communes|Uitwisseling met gemeenten|Exchanges with municipalities|PRG-DATA|data|172|la passerelle communale|les communes pilotes|messages
"""

_EXCEL = """
Gestion documentaire du courrier|Documentbeheer post|Mail and records management|PRG-AGENT|app|100|la gestion du courrier|le secrétariat général|courriers
Modernisation du centre d’assistance|Modernisering van de helpdesk|Service desk modernisation|PRG-AGENT|org|78|l’outil d’assistance|les techniciens|tickets
Comptabilité analytique des projets|Projectboekhouding|Project cost accounting||app|66|la comptabilité analytique|le contrôle financier|imputations
Parcours compétences des agents|Competentietraject van medewerkers|Staff skills path||org|48|le référentiel de compétences|les ressources humaines|agents
Gestion électronique des marchés|Elektronisch beheer van opdrachten|Electronic procurement|PRG-AGENT|app|60|le registre des marchés|la cellule marchés publics|marchés
Missions et notes de frais|Dienstreizen en onkosten|Travel and expenses||app|36|l’outil de notes de frais|les assistantes de direction|notes
Tableau de bord des délais|Dashboard doorlooptijden|Lead time dashboard||data|30|le tableau de bord des délais|les chefs de service|procédures
"""

REPORTING = (
    *_rows("ENSEIGN", _ENSEIGN),
    *_rows("USAGER", _USAGER),
    *_rows("SOCLE", _SOCLE),
    *_rows("CYBER", _CYBER),
    *_rows("DATA", _DATA),
    *_rows("EXCEL", _EXCEL),
)

_QUIET = """
Coffre-fort des documents scolaires|Kluis voor schooldocumenten|Safe for school documents|PRG-GUICHET|app|260|le coffre-fort|les familles|documents
Réservation des salles|Reservatie van zalen|Room booking|PRG-AGENT|app|58|la réservation des salles|la logistique|salles
Jumeau numérique des bâtiments|Digitale tweeling van gebouwen|Digital twin of buildings||data|320|le jumeau numérique|les infrastructures scolaires|bâtiments
Annuaire des agents|Personeelsgids|Staff directory||app|45|l’annuaire|les ressources humaines|fiches
"""
_QUIET_LIVES = (LifeCycle.ON_HOLD, LifeCycle.CLOSED, LifeCycle.IDEA, LifeCycle.BENEFITS_TRACKING)
QUIET = tuple(spec._replace(life=life) for spec, life in zip(_rows("USAGER", _QUIET), _QUIET_LIVES, strict=True))
"""Projects that owe no weekly status: on hold, closed, an idea, benefits under watch."""

RANKED = (
    *("Migration du moteur de paie enseignants", "Identité numérique des usagers", "Réseau des écoles, phase 3"),
    *("Archivage probant", "Dossier unique de l’élève", "Espace personnel de l’agent public"),
    *("Centre de sécurité opérationnel mutualisé", "Portail des aides sociales", "Guichet unique des bourses d’études"),
    *("Interconnexion avec la sécurité sociale", "Résilience du centre de données", "Catalogue de données"),
    *("Gestion des subventions culturelles", "Messagerie collaborative", "Gestion des identités et des accès"),
    *("Décompte des prestations enseignants", "Plateforme d’API", "Refonte du site institutionnel"),
    *("Poste de travail 2027", "Sauvegarde immuable", "Observatoire de l’enseignement"),
    *("Gestion documentaire du courrier", "Parcours compétences des agents", "Modernisation du centre d’assistance"),
)
"""The top 24, first to last; the others follow in the order of their codes."""
RESTRICTED = ("Résilience du centre de données", "Gestion des vulnérabilités")
SHOWN = (
    "Migration du moteur de paie enseignants",
    "Guichet unique des bourses d’études",
    "Inscriptions en ligne au secondaire",
    "Évaluations externes en ligne",
)
"""Led by pm1: two published, one begun, one still to write."""
