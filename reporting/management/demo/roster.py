"""Who appears in the fictional portfolio: every name, employer and address is invented."""

from __future__ import annotations

from typing import NamedTuple

from people.enums import ContractKind, ReviewerKind, Role

DEMO_PASSWORD = "cadran-demo"  # noqa: S105 -- the published password of invented accounts
MAIL_DOMAIN = "cadran.example"

HOME = "Opérateur numérique communautaire (fictif)"
EMPLOYERS = (
    HOME,
    "Orme & Pic, conseil (fictif)",
    "Atelier des Sept Collines (fictif)",
    "Trèfle Projets (fictif)",
)


class Member(NamedTuple):
    """One invented person; `login` empty for somebody the portfolio only names."""

    login: str
    first_name: str
    last_name: str
    unit: str
    language: str = "fr"
    employer: int = 0

    @property
    def contract(self) -> str:
        return str(ContractKind.EXTERNAL if self.employer else ContractKind.INTERNAL)


_PROJECTS = "Centre de compétences Projets"
_CODIR = "Comité de direction"

MEMBERS = (
    Member("pm1", "Sarah", "Lemineur", _PROJECTS),
    Member("pm2", "Karim", "Bensaïd", _PROJECTS, employer=1),
    Member("pm3", "Hélène", "Coppieters", _PROJECTS),
    Member("pm4", "Thomas", "Verbruggen", _PROJECTS, "nl"),
    Member("pm5", "Amélie", "Noirhomme", _PROJECTS),
    Member("pm6", "Nabil", "Haddaoui", _PROJECTS, employer=2),
    Member("pm7", "Claire", "Dupagne", _PROJECTS),
    Member("pm8", "Julien", "Renson", _PROJECTS),
    Member("pm9", "Ilse", "Peetermans", _PROJECTS, "nl"),
    Member("pm10", "Olivier", "Thiryon", _PROJECTS, employer=1),
    Member("pm11", "Fatima", "El Ouardi", _PROJECTS),
    Member("pm12", "Marc", "Gérardin", _PROJECTS),
    Member("pm13", "Wouter", "Claesen", _PROJECTS, "nl", 3),
    Member("pm14", "Valérie", "Simonart", _PROJECTS),
    Member("pm15", "Aurélien", "Mertenne", _PROJECTS, employer=2),
    Member("pm16", "Nadia", "Kovač", _PROJECTS),
    Member("pm17", "Benoît", "Wathelin", _PROJECTS, employer=3),
    Member("pm18", "Élodie", "Maesen", _PROJECTS),
    Member("pgm1", "Philippe", "Delvigne", "Programmes, enseignement"),
    Member("pgm2", "Isabelle", "Carlier-Noé", "Programmes, usagers"),
    Member("pgm3", "Raf", "Willaert", "Programmes, infrastructure", "nl"),
    Member("pgm4", "Sophie", "Jadoulle", "Programmes, sécurité"),
    Member("pgm5", "Mehdi", "Ziani", "Programmes, données"),
    Member("pgm6", "Catherine", "Lambion", "Programmes, organisation"),
    Member("pso1", "Damien", "Fosset", "Bureau de support projets"),
    Member("pso2", "Laurence", "Petitjean", "Bureau de support projets"),
    Member("pso3", "Bart", "Hoornaert", "Bureau de support projets", "nl"),
    Member("pso4", "Inès", "Caldeira", "Bureau de support projets"),
    Member("director", "Martine", "Delacourt", "Direction IT transversale"),
    Member("head", "Pascal", "Rigaux", _PROJECTS),
    Member("codir1", "Bernard", "Hallaux", _CODIR),
    Member("codir2", "Anne-Sophie", "Devillers", _CODIR),
    Member("codir3", "Luc", "Bastogne-Maret", _CODIR),
    Member("codir4", "Greet", "Vandersmissen", _CODIR, "nl"),
    Member("codir5", "Samir", "Lakhdari", _CODIR),
    Member("codir6", "Florence", "Quévrin", _CODIR),
    Member("codir7", "Étienne", "Warnier", _CODIR),
    Member("codir8", "Dominique", "Sclessin", _CODIR),
    Member("ic1", "Michel", "Delvoye", "Comité d’investissement"),
    Member("ic2", "Évelyne", "Janssoone", "Comité d’investissement"),
    Member("ic3", "Pieter", "Wijnants", "Comité d’investissement", "nl"),
    Member("ic4", "Nour", "Hamzaoui", "Comité d’investissement"),
    Member("ic5", "Christian", "Simonis-Roy", "Comité d’investissement"),
    Member("ic6", "Patricia", "Lonneux", "Comité d’investissement"),
    Member("ic7", "Yves", "Tilmanne", "Comité d’investissement"),
    Member("secretary", "Joëlle", "Marchandise", "Secrétariat des instances"),
    Member("finance", "Stéphane", "Bodarwé", "Contrôle financier"),
    Member("dpo", "Myriam", "Oldenhove", "Protection des données"),
    Member("ciso", "Grégory", "Stassin", "Sécurité de l’information"),
    Member("auditor", "Renée", "Vlaminck", "Audit interne", "nl"),
    Member("admin", "Quentin", "Lefort", "Exploitation"),
    Member("", "Marianne", "Colinet", "Allocations d’études"),
    Member("", "Jean-Marc", "Fontigny", "Personnel de l’enseignement"),
    Member("", "Sabine", "Doyenne", "Culture et médias"),
    Member("", "Rachid", "Moumni", "Aide à la jeunesse"),
    Member("", "Véronique", "Haulet", "Infrastructures scolaires"),
    Member("", "Paul", "Erneux", "Budget et achats"),
)

_ROLE_OF = (
    ("pgm", Role.PROGRAMME_MANAGER),
    ("pm", Role.PM),
    ("pso", Role.PSO),
    ("codir", Role.CODIR),
    ("ic", Role.INVESTMENT_COMMITTEE),
    ("director", Role.DIRECTOR),
    ("head", Role.HEAD_OF_CENTRE),
    ("secretary", Role.SECRETARY),
    ("finance", Role.FINANCE),
    ("auditor", Role.AUDITOR),
    ("admin", Role.ADMINISTRATOR),
)
_REVIEWERS = {"dpo": ReviewerKind.DPO, "ciso": ReviewerKind.CISO}
SPONSORS = ("codir1", "codir2", "codir3", "codir5", "codir6", "codir7", "director")
"""Log-ins of the executives; the people without a log-in sponsor projects as well."""


def role_of(login: str) -> tuple[Role, str]:
    """The role of a demo log-in and, for a reviewer, which review."""
    if login in _REVIEWERS:
        return Role.REVIEWER, str(_REVIEWERS[login])
    stem = login.rstrip("0123456789")
    return dict(_ROLE_OF)[stem], ""
