"""A project sheet that has much to say stays on its page, in each language."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.utils import translation

from reporting.engines.edition import DIMENSIONS, Edition
from reporting.packs.codir import compose
from reporting.sections.project_sheet import MILESTONES_SHOWN, RISKS_SHOWN
from reporting.services import pdf
from reporting.services.pack import html_of
from tests.factories.reporting import edition

CAUSE = "Règles barémiques livrées trois semaines trop tard par la commission."
ACTION = "Pénalités rappelées, livraisons intermédiaires toutes les deux semaines, revue par les pairs en attendant"


def full() -> Edition:
    """One priority project with every field of its sheet in use."""
    whole = edition(24, silent=0, top=1)
    row = whole.projects[0]
    status = replace(row.status, causes=dict.fromkeys(DIMENSIONS, CAUSE))
    risks = tuple(replace(row.risks[0], number=number, action=ACTION) for number in range(RISKS_SHOWN + 1))
    milestones = tuple(
        replace(row.milestones[-1], name=f"Bascule à blanc {number}") for number in range(MILESTONES_SHOWN)
    )
    requests = tuple(
        replace(request, project=row.code, question=f"{request.question}, ou en réduire le périmètre")
        for request in whole.requests[:2]
    )
    project = replace(row, status=status, risks=risks, milestones=milestones, purpose=row.purpose * 2)
    return replace(whole, projects=(project, *whole.projects[1:]), requests=requests)


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_a_full_project_sheet_is_one_page(language: str) -> None:
    document = compose(full(), language=language)
    with translation.override(language):
        html = html_of(replace(document, pages=tuple(page for page in document.pages if page.level == 2)))
    assert pdf.render(html, identifier="x", static_root=settings.BASE_DIR / "static").pages == 1
