"""Who may do what with a product: its project's planners edit, the people named in it answer for their part."""

from __future__ import annotations

from people.models.person import Person
from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.models.product import Product
from portfolio.models.product_review import ProductReview, ReviewAction
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import visible_projects


def may_plan(user: User, project: Project) -> bool:
    """The plan's editors keep its products, while the project runs."""
    return not frozen_reason(project) and has_permission(user, Permission.MILESTONE_EDIT, project)


def is_person(user: User, person: Person | None) -> bool:
    return person is not None and person.user_id == user.pk


def speaks_for_himself(person: Person, project: Project) -> bool:
    """He has an account that may know of the project; else a planner writes down what he signed elsewhere."""
    user = person.user
    return user is not None and user.is_active and visible_projects(user).filter(pk=project.pk).exists()


def acceptance_right(user: User, product: Product) -> bool:
    """The acceptor himself; a planner only for one who has no access, and never the producer."""
    project, acceptor = product.project, product.acceptor
    if acceptor is None or frozen_reason(project) or is_person(user, product.producer):
        return False
    if is_person(user, acceptor):
        return True
    return may_plan(user, project) and not speaks_for_himself(acceptor, project)


def withdrawal_right(user: User, product: Product) -> bool:
    """Who accepted it, or a planner who did not produce it, takes an acceptance back."""
    if frozen_reason(product.project) or is_person(user, product.producer):
        return False
    return is_person(user, product.accepted_by) or may_plan(user, product.project)


def review_right(user: User, review: ProductReview) -> bool:
    """Who chairs the review or keeps its minutes writes its result, or a planner who does not present the product."""
    project = review.project
    if frozen_reason(project) or is_person(user, review.presenter):
        return False
    return is_person(user, review.chair) or is_person(user, review.administrator) or may_plan(user, project)


def action_right(user: User, action: ReviewAction) -> bool:
    """Its owner closes a follow-up, or a planner."""
    project = action.project
    return not frozen_reason(project) and (is_person(user, action.owner) or may_plan(user, project))
