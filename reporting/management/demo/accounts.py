"""Writes the invented people: employers, accounts, roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from people.models import Employer, Person, RoleAssignment, User
from reporting.management.demo.roster import DEMO_PASSWORD, EMPLOYERS, MAIL_DOMAIN, MEMBERS, SPONSORS, role_of


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, by log-in, and the lists the portfolio draws from."""

    users: Mapping[str, User]
    people: Mapping[str, Person]
    managers: list[Person]
    sponsors: list[Person]


def load_people(*, since: date, joined: datetime) -> Cast:
    """Create all accounts with one shared password and the role its log-in names."""
    employers = [Employer(name=name, is_home=index == 0) for index, name in enumerate(EMPLOYERS)]
    Employer.objects.bulk_create(employers)
    secret = make_password(DEMO_PASSWORD)
    accounts = [
        User(
            username=member.login,
            email=f"{member.login}@{MAIL_DOMAIN}",
            password=secret,
            language=member.language,
            date_joined=joined,
        )
        for member in MEMBERS
        if member.login
    ]
    users = {user.username: user for user in User.objects.bulk_create(accounts)}
    people = Person.objects.bulk_create(
        Person(
            user=users.get(member.login),
            first_name=member.first_name,
            last_name=member.last_name,
            email=f"{member.login}@{MAIL_DOMAIN}" if member.login else "",
            employer=employers[member.employer],
            unit=member.unit,
            language=member.language,
            contract_kind=member.contract,
            active_from=since,
        )
        for member in MEMBERS
    )
    _grant(users, since)
    named = {member.login: person for member, person in zip(MEMBERS, people, strict=True) if member.login}
    outside = [person for member, person in zip(MEMBERS, people, strict=True) if not member.login]
    managers = [named[member.login] for member in MEMBERS if member.login.startswith("pm")]
    return Cast(users, named, managers, [*(named[login] for login in SPONSORS), *outside])


def _grant(users: Mapping[str, User], since: date) -> None:
    rows = []
    for login, user in users.items():
        role, kind = role_of(login)
        rows.append(RoleAssignment(user=user, role=role, reviewer_kind=kind, valid_from=since))
    RoleAssignment.objects.bulk_create(rows)
