"""What a person does who has no pointer."""

from playwright.sync_api import Page


def reach(page: Page, selector: str, limit: int = 80) -> None:
    """Tab until the focus is on the first match; the way a keyboard user gets there."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is out of reach of the Tab key")
