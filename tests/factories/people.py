"""Employers, people, users and their roles for tests."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from config import clock
from people.enums import ReviewerKind, Role
from people.models import Absence, Employer, Person, RoleAssignment, User

PASSWORD = "un mot de passe d’essai"


class EmployerFactory(DjangoModelFactory[Employer]):
    class Meta:
        model = Employer
        django_get_or_create = ("name",)

    name = "Opérateur numérique"
    is_home = True


class SupplierFactory(DjangoModelFactory[Employer]):
    class Meta:
        model = Employer

    name = factory.Sequence(lambda n: f"Fournisseur {n}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")

    @factory.post_generation
    def password(self: User, create: bool, extracted: str | None, **_kwargs: Any) -> None:  # type: ignore[misc]
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    first_name = factory.Sequence(lambda n: f"Prénom{n}")
    last_name = factory.Sequence(lambda n: f"Nom{n}")
    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    employer = factory.SubFactory(EmployerFactory)


class RoleAssignmentFactory(DjangoModelFactory[RoleAssignment]):
    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)
    role = Role.PM
    reviewer_kind = factory.LazyAttribute(lambda row: ReviewerKind.DPO if row.role == Role.REVIEWER else "")
    valid_from = factory.LazyFunction(clock.today)


class AbsenceFactory(DjangoModelFactory[Absence]):
    """An absence of today unless told otherwise."""

    class Meta:
        model = Absence

    person = factory.SubFactory(PersonFactory)
    deputy = factory.SubFactory(PersonFactory)
    first_day = factory.LazyFunction(clock.today)
    last_day = factory.SelfAttribute("first_day")
    created_by = factory.SubFactory(UserFactory)


def user_with(*roles: Role, person: bool = True, **fields: Any) -> User:
    """A user holding these roles from today on, with a person behind the account unless told otherwise."""
    user = UserFactory(**fields)
    if person:
        PersonFactory(user=user)
    for role in roles:
        RoleAssignmentFactory(user=user, role=role)
    return User.objects.get(pk=user.pk)
