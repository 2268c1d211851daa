"""What people press and fill in on the pages of a session."""

from playwright.sync_api import Page, expect


def press(page: Page, name: str) -> None:
    """Activate the button of that name and arrive where it leads."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        field = page.locator(f'[name="{name}"]')
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def effect(page: Page, answer: dict[str, str]) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name="ajouter un effet").first.click()
    page.goto(f"{page.url}?kind={answer.pop('kind')}")
    fill(page, **answer)
    press(page, "Ajouter l’effet")


def outcome(page: Page, **values: str) -> None:
    page.locator("summary", has_text="Acter une décision").click()
    fill(page, **values)
    press(page, "Acter")


def open_and_vote(page: Page, said: str) -> None:
    """From the opening to the vote counted, everybody there and for it."""
    press(page, "Ouvrir la séance")
    for box in page.locator('input[name="present"]').all():
        box.check()
    press(page, "Noter les présences")
    press(page, "Ouvrir le vote")
    press(page, "Consensus : tous pour")
    press(page, "Compter et clore le vote")
    expect(page.locator("main aside")).to_contain_text(said)
