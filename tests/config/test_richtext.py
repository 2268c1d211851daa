"""Rich text keeps emphasis, lists and safe links, and nothing that could harm a reader or a layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.web.richtext import MAX_DEPTH, TAGS, depth, rich


def test_paragraphs_emphasis_lists_and_links_are_kept() -> None:
    html = rich("Un **mot** et *un autre*.\n\n- a\n- [lien](https://example.org/x)\n")
    assert "<strong>mot</strong>" in html
    assert "<em>un autre</em>" in html
    assert "<li>a</li>" in html
    assert '<a href="https://example.org/x" rel="noopener noreferrer">lien</a>' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<table><tr><td colspan="1000000">x</td></tr></table>',
        '<p style="font-size:99999999px">x</p>',
        '<img src="https://example.org/x.png">',
        "![x](https://example.org/x.png)",
        '<link rel="attachment" href="file:///etc/passwd">',
        "# titre",
    ],
)
def test_anything_else_is_shown_as_text(text: str) -> None:
    html = rich(text)
    assert "<script" not in html
    for tag in ("table", "img", "link", "h1", "p style"):
        assert f"<{tag}" not in html


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "javascript:alert(1)", "http://x.example", "file:///etc/passwd", "data:text/html,x", "/x"],
)
def test_a_link_leads_only_to_https_or_mail(target: str) -> None:
    assert "href" not in rich(f"[x]({target})")
    assert "href" not in rich(f"<{target}>")


def test_a_mail_link_is_kept() -> None:
    assert 'href="mailto:pso@example.org"' in rich("[x](mailto:pso@example.org)")


def test_a_text_nested_too_deep_is_shown_flat() -> None:
    deep = "\n".join("  " * level + "- x" for level in range(60))
    html = rich(deep)
    assert depth(html) <= MAX_DEPTH
    assert "<ul>" not in html


def test_a_long_text_is_cut() -> None:
    assert len(rich("a" * 50_000, 600)) < 700


@given(st.text(max_size=400))
def test_no_text_gives_another_tag_or_attribute(text: str) -> None:
    import re

    html = rich(text)
    assert {name.lower() for name in re.findall(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)", html)} <= TAGS
    assert depth(html) <= MAX_DEPTH
