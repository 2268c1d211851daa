"""Two teams that work in Jira: their exports of last week and of today, brought in as their managers would."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from config.clock import BRUSSELS
from portfolio.engines.jira_item import Grouping
from portfolio.enums import LifeCycle, Method, StageState, WorkPackageState
from portfolio.models import Project, Stage, WorkPackage
from portfolio.selectors.jira import GroupChoice
from portfolio.services.importers.jira_import import JiraOptions, import_jira
from portfolio.services.importers.jira_live import designate_project
from portfolio.services.importers.jira_reading import Document
from reporting.management.demo.days import workday
from reporting.management.demo.replay import Replay

WEEKS, BEGUN, PER_WEEK = 22, 96, (3, 4, 5, 5, 6, 6, 7, 8)
NEW_PER_WEEK = (0, 1, 2, 2, 3, 4)
VERBS = (
    *("Afficher", "Enregistrer", "Contrôler", "Exporter", "Rechercher", "Notifier", "Archiver", "Corriger"),
    *("Simplifier", "Historiser"),
)
THINGS = (
    *("le dossier de l’élève", "la demande d’inscription", "le choix de l’école", "le calendrier scolaire"),
    *("la pièce justificative", "le courrier aux parents", "la liste d’attente", "le trajet accompagné"),
    *("le tarif des repas", "la présence du jour", "le bulletin", "la signature électronique"),
    *("le relevé des heures", "le lien avec la paie", "la fiche de l’agent", "le tableau de bord"),
    *("la délégation de signature", "l’accès des partenaires", "le journal des accès", "la sauvegarde de nuit"),
)
KINDS = ("Story", "Story", "Story", "Tâche", "Bug")


@dataclass(frozen=True, slots=True)
class Team:
    """What a team follows; the last group has no work package, the one after it is left out."""

    key: str
    grouping: Grouping
    packages: tuple[str, ...]
    beside: str
    outside: str


TEAMS = (
    Team(
        "INSC",
        Grouping.EPIC,
        ("Parcours d’inscription", "Échanges avec les écoles", "Accès des parents", "Mise en service"),
        "Dette technique",
        "Idées à trier",
    ),
    Team(
        "PORT",
        Grouping.VERSION,
        ("Version 1.0 Socle", "Version 1.1 Démarches", "Version 1.2 Partenaires"),
        "Version de maintenance",
        "Version 2.0",
    ),
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """An issue of the story: when it was written, begun and finished, and where it stood before."""

    number: int
    summary: str
    kind: str
    group: str
    created: date
    begun: date | None = None
    done: date | None = None
    is_dropped: bool = False
    came_from: str = ""

    def status(self, on: date) -> str:
        if self.done and self.done <= on:
            return "Terminé"
        return "En cours" if self.begun and self.begun <= on else "À faire"


def load_backlogs(replay: Replay) -> None:
    """The first two agile projects of the ranking in execution: packages, then both imports of each."""
    chosen = (
        Project.objects.active()
        .filter(method=Method.AGILE, life_cycle=LifeCycle.STAGE, priority_rank__isnull=False)
        .filter(manager__user__isnull=False)
        .select_related("manager__user")
        .order_by("priority_rank")[: len(TEAMS)]
    )
    for project, team in zip(chosen, TEAMS, strict=False):
        packages = _packages(project, team, replay.today)
        tickets = _tickets(team, replay.today, Random(f"jira {project.code}"))  # noqa: S311 -- invented data
        designate_project(project=project, jira_project=team.key, by=replay.cast.users["pso1"])
        for ago in (7, 0):
            _bring(project, team, tickets, packages, replay, ago)


def _packages(project: Project, team: Team, today: date) -> dict[str, WorkPackage]:
    """The packages of the running stage that the groups will lead."""
    stage = Stage.objects.filter(project=project, state=StageState.RUNNING).first()
    found = {}
    for index, name in enumerate(team.packages):
        end = workday(today + timedelta(days=35 * index - 10))
        found[name] = WorkPackage.objects.create(
            project=project,
            stage=stage,
            code=f"JIRA-{index + 1}",
            name=name,
            owner=project.deputy or project.manager,
            start=workday(today - timedelta(weeks=WEEKS) + timedelta(days=28 * index)),
            planned_end=end,
            forecast_end=end + timedelta(days=7 * index),
            state=WorkPackageState.PLANNED,
        )
    return found


def _tickets(team: Team, today: date, rng: Random) -> list[Ticket]:
    """Weeks that write, begin and finish issues; the first groups are worked on first."""
    first = today - timedelta(weeks=WEEKS)
    names = rng.sample([f"{verb} {thing}" for verb in VERBS for thing in THINGS], len(VERBS) * len(THINGS))
    groups = (*team.packages, team.beside)
    written = [_day(first, rng) for _one in range(BEGUN)]
    for week in range(2, WEEKS):
        written += [_day(first + timedelta(weeks=week), rng) for _one in range(rng.choice(NEW_PER_WEEK))]
    weights = [len(groups) - place for place in range(len(groups))]
    drawn = [(created, rng.choices(groups, weights)[0]) for created in sorted(written)]
    queue = sorted(range(len(drawn)), key=lambda place: (groups.index(drawn[place][1]) + 2 * rng.random(), place))
    ends = _ends(first, today, queue, [created for created, _group in drawn], rng)
    begun = [place for place in queue if place not in ends][:7]
    tickets = []
    for place, (created, group) in enumerate(drawn):
        end = ends.get(place)
        start = max(created, end - timedelta(days=rng.randrange(2, 12))) if end else None
        moved = team.grouping is Grouping.VERSION and end is None and rng.random() < 0.25
        tickets.append(
            Ticket(
                number=place + 1,
                summary=names[place % len(names)],
                kind=rng.choice(KINDS),
                group=group,
                created=created,
                begun=start or (today - timedelta(days=3) if place in begun else None),
                done=end,
                is_dropped=end is not None and rng.random() < 0.05,
                came_from=rng.choice(team.packages) if moved else "",
            )
        )
    ideas = [names[-place] for place in range(1, 9)]
    later = range(len(tickets) + 1, len(tickets) + 9)
    return tickets + [
        Ticket(number, idea, "Story", team.outside, first + timedelta(days=number % 60))
        for number, idea in zip(later, ideas, strict=True)
    ]


def _ends(first: date, today: date, queue: list[int], created: list[date], rng: Random) -> dict[int, date]:
    """When each issue is finished: a few a week, in the order of the queue, of those written before that week."""
    ends: dict[int, date] = {}
    for week in range(3, WEEKS + 1):
        monday = first + timedelta(weeks=week) - timedelta(days=first.weekday())
        ready = [place for place in queue if place not in ends and created[place] < monday]
        for place in ready[: rng.choice(PER_WEEK)]:
            ends[place] = min(workday(monday + timedelta(days=rng.randrange(5))), today)
    return ends


def _day(since: date, rng: Random) -> date:
    return workday(since + timedelta(days=rng.randrange(5)))


def _bring(
    project: Project, team: Team, tickets: list[Ticket], packages: dict[str, WorkPackage], replay: Replay, ago: int
) -> None:
    """The export of that day, agreed to by the manager; the second one lacks an issue that was deleted."""
    on = replay.today - timedelta(days=ago)
    known = [one for one in tickets if one.created <= on and not (ago == 0 and one.number == 40 and not one.done)]
    groups = (*team.packages, team.beside, team.outside)
    data = _csv(team, known, groups, on) if team.grouping is Grouping.EPIC else _json(team, known, on)
    keys = {name: f"{team.key}-{900 + place}" for place, name in enumerate(groups)}
    by_value = {keys[name] if team.grouping is Grouping.EPIC else name: name for name in groups}
    choices = {
        value: GroupChoice(is_followed=name != team.outside, package=packages.get(name))
        for value, name in by_value.items()
    }
    kind = "csv" if team.grouping is Grouping.EPIC else "json"
    import_jira(
        project=project,
        document=Document(f"{team.key}_{on:%Y-%m-%d}.{kind}", data),
        options=JiraOptions(grouping=team.grouping, is_complete=True, as_of=on),
        by=project.manager.user if project.manager else None,
        now=replay.now - timedelta(days=ago),
        choices=choices,
    )


def _csv(team: Team, tickets: list[Ticket], groups: tuple[str, ...], on: date) -> bytes:
    """An export in French, as the site writes it, with the epics as issues of their own."""
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(
        (
            *("Résumé", "Clé de ticket", "Type de ticket", "État", "Catégorie d’état", "Résolution", "Création"),
            *("Résolu", "Clé parent", "Composants", "Composants"),
        )
    )
    first = min(one.created for one in tickets)
    for place, name in enumerate(groups):
        key = f"{team.key}-{900 + place}"
        table.writerow((name, key, "Epic", "En cours", "En cours", "", _written(first), "", "", "", ""))
    for one in tickets:
        status = one.status(on)
        ended = status == "Terminé"
        resolution = ("Doublon" if one.is_dropped else "Terminé") if ended else ""
        end = _written(one.done) if ended and one.done else ""
        epic = f"{team.key}-{900 + groups.index(one.group)}"
        named = (one.summary, f"{team.key}-{one.number}", one.kind, status, status, resolution)
        table.writerow((*named, _written(one.created), end, epic, "Portail", ""))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _written(day: date) -> str:
    months = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
    return f"{day.day:02d}/{months[day.month - 1]}/{day:%y} 9:30 AM"


def _json(team: Team, tickets: list[Ticket], on: date) -> bytes:
    """An answer of the search, with the steps of each issue in its changelog."""
    categories = {"À faire": "new", "En cours": "indeterminate", "Terminé": "done"}
    issues = []
    for one in tickets:
        status = one.status(on)
        steps = [(one.begun, "status", "À faire", "En cours"), (one.done, "status", "En cours", "Terminé")]
        if one.came_from and one.came_from != one.group:
            moved = one.created + (on - one.created) / 2
            steps += [(moved, "Fix Version", one.came_from, ""), (moved, "Fix Version", "", one.group)]
        histories = [
            {"created": _instant(day), "items": [{"field": name, "fromString": left, "toString": entered}]}
            for day, name, left, entered in steps
            if day is not None and day <= on
        ]
        fields = {
            "summary": one.summary,
            "issuetype": {"name": one.kind},
            "status": {"name": status, "statusCategory": {"key": categories[status]}},
            "resolution": {"name": "Doublon" if one.is_dropped else "Terminé"} if status == "Terminé" else None,
            "created": _instant(one.created),
            "fixVersions": [{"name": one.group}],
        }
        log = {"histories": histories, "total": len(histories)}
        issues.append({"id": str(one.number), "key": f"{team.key}-{one.number}", "fields": fields, "changelog": log})
    return json.dumps({"issues": issues}, ensure_ascii=False).encode()


def _instant(day: date) -> str:
    return datetime.combine(day, time(10), tzinfo=BRUSSELS).isoformat(timespec="milliseconds")
