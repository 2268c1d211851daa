"""The component tags say what they must to every reader, and refuse wrong use."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Engine, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from config.web import glyphs, languages
from config.web.dateline import Dateline, dateline
from config.web.nav import NavEntry

STATES = ("green", "amber", "red", "stale", "paused", "closed", "none")


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class StatusForm(forms.Form):
    title = forms.CharField(label="Intitulé", help_text="Une phrase.")
    verdict = forms.ChoiceField(
        label="Délai", choices=[("green", "Vert"), ("amber", "Orange"), ("red", "Rouge")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="D’accord", required=False)


@pytest.mark.parametrize("state", STATES)
def test_glyph_names_its_state(state):
    html = render("{% glyph state=state %}", state=state)
    assert f"<title>{glyphs.state_word(state)}</title>" in html
    assert 'role="img"' in html


@pytest.mark.parametrize("state", ["", None, "purple", "<script>"])
def test_glyph_of_an_unknown_state_is_none(state):
    html = render("{% glyph state=state %}", state=state)
    assert 'class="glyph glyph-none"' in html
    assert "script" not in html


@pytest.mark.parametrize(("lang", "letters"), [("fr", "VOR"), ("nl", "GOR"), ("en", "GAR")])
def test_glyph_letter_follows_the_language(lang, letters):
    drawn = [glyphs.shape(state, lang=lang) for state in ("green", "amber", "red")]
    assert [glyphs._LETTER_PATHS[letter] in html for letter, html in zip(letters, drawn, strict=True)] == [True] * 3


def test_shapes_differ_without_colour():
    outlines = {re.sub(r'(fill|stroke)="#[0-9A-F]{6}"', "", glyphs.shape(state, letter=False)) for state in STATES}
    assert len(outlines) == len(STATES)


def test_small_glyph_has_no_letter():
    assert "g-letter" not in render('{% glyph state="red" size=12 %}')
    assert "g-letter" in render('{% glyph state="red" size=17 %}')


def test_glyph_label_is_escaped():
    html = render('{% glyph state="red" label=label %}', label="<b>Délai")
    assert "<title>&lt;b&gt;Délai : rouge</title>" in html


def test_silent_glyph_is_hidden_from_assistive_technology():
    html = render('{% glyph state="red" title=False %}')
    assert 'aria-hidden="true"' in html
    assert "<title>" not in html


def test_pair_tells_the_change_in_words():
    html = render('{% glyph_pair previous="green" current="amber" %}')
    assert "vert la semaine passée, orange maintenant" in html
    assert html.count("<svg") == 2


@pytest.mark.parametrize("previous", ["amber", "none", None])
def test_pair_without_change_shows_one_glyph(previous):
    html = render('{% glyph_pair previous=previous current="amber" %}', previous=previous)
    assert html.count("<svg") == 1
    assert "<title>orange</title>" in html


@pytest.mark.parametrize("variant", ["glyphs", "bars"])
def test_strip_is_one_picture_with_its_counts(variant):
    html = render("{% weeks_strip states=states variant=variant %}", states=["green"] * 9 + ["red"], variant=variant)
    assert html.count("<title>") == 1
    assert "10 semaines : 9 vert, 1 rouge ; dernière : rouge" in html


@pytest.mark.parametrize("name", sorted(glyphs.ICONS))
def test_icon_with_label_is_named_and_without_is_decoration(name):
    assert "<title>Ouvrir</title>" in render('{% icon name=name label="Ouvrir" %}', name=name)
    assert 'aria-hidden="true"' in render("{% icon name=name %}", name=name)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% variance value=32 %}", '<span class="var var-bad">+32\u00a0j</span>'),
        ("{% variance value=-5 %}", '<span class="var var-good">\u22125\u00a0j</span>'),
        ("{% variance value=0 %}", '<span class="var var-zero">±0</span>'),
        ('{% variance value=None kind="keuro" %}', '<span class="var var-zero">—</span>'),
        ('{% variance value=-1 kind="number" bad="down" %}', '<span class="var var-bad">\u22121</span>'),
        ('{% variance value=9.4 kind="percent" %}', '<span class="var var-bad">+9,4\u202f%</span>'),
    ],
)
def test_variance_says_good_or_bad(source, expected):
    assert render(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ value|keuro }}", "1\u202f240\u00a0k€"),
        ("{{ value|meuro }}", "1,2\u00a0M€"),
        ("{{ value|euro }}", "1\u202f240\u202f000,00\u00a0€"),
        ("{{ value|number:1 }}", "1\u202f240\u202f000,0"),
        ("{{ missing|keuro }}", "—"),
        ("{{ missing|date_short }}", "—"),
    ],
)
def test_filters_use_the_formatter(source, expected):
    assert render(source, value=1_240_000, missing=None) == expected


def test_filters_follow_the_language():
    with translation.override("en"):
        assert render("{{ value|keuro }}", value=1_240_000) == "€1,240k"


@pytest.mark.parametrize(
    "source",
    ["{% glyph %}", '{% glyph "red" %}', '{% glyph state="red" colour="red" %}', "{% field %}", "{% kbd %}"],
)
def test_wrong_use_fails_when_the_template_is_compiled(source):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_field_ties_label_hint_and_error_to_the_input():
    html = render("{% field field=form.title %}", form=StatusForm(data={}))
    assert '<label class="label" for="id_title">Intitulé</label>' in html
    assert 'aria-describedby="id_title_hint id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_error"' in html


def test_field_keeps_what_was_typed_and_escapes_it():
    html = render("{% field field=form.title %}", form=StatusForm(data={"title": '"><script>x'}))
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;x" in html


def test_tracked_field_carries_its_initial_value():
    html = render("{% field field=form.note track=True counter=220 %}", form=StatusForm(initial={"note": "Lot 2"}))
    assert 'data-initial="Lot 2"' in html
    assert 'data-counter="220"' in html
    assert 'data-counter-for="id_note"' in html


def test_checkbox_stands_before_its_words():
    html = render("{% field field=form.agreed %}", form=StatusForm())
    assert re.search(r'<label class="check"><input type="checkbox"[^>]*>\s*<span>D’accord</span></label>', html)


def test_segmented_draws_one_radio_per_choice_with_its_glyph():
    html = render("{% segmented field=form.verdict track=True %}", form=StatusForm(initial={"verdict": "amber"}))
    assert html.count('type="radio"') == 3
    assert html.count("<svg") == 3
    assert re.search(r'value="amber" checked', html)
    assert 'data-initial="amber"' in html
    assert '<legend class="sr-only">Délai</legend>' in html


def test_error_summary_links_to_each_field_and_takes_focus():
    html = render("{% error_summary form=form %}", form=StatusForm(data={}))
    assert "2 points à corriger" in html
    assert 'href="#id_title"' in html
    assert 'href="#id_verdict_0"' in html
    assert "data-focus" in html


def test_error_summary_of_a_valid_form_is_empty():
    form = StatusForm(data={"title": "x", "verdict": "red"})
    assert render("{% error_summary form=form %}", form=form).strip() == ""


def test_sort_heading_tells_its_order_and_keeps_the_filters():
    request = RequestFactory().get("/", {"sort": "name", "axis": "2", "page": "3"})
    html = render('{% sort_th key="name" label="Projet" %}', request=request)
    assert 'aria-sort="ascending"' in html
    assert "?sort=-name&amp;axis=2" in html
    assert "page=" not in html


def test_pager_appears_only_where_there_are_several_pages():
    request = RequestFactory().get("/", {"q": "paie"})
    assert render("{% pager page=page %}", page=Paginator(range(5), 10).page(1), request=request).strip() == ""
    html = render("{% pager page=page %}", page=Paginator(range(25), 10).page(2), request=request)
    assert 'href="?q=paie&amp;page=3"' in html
    assert "page 2 sur 3" in html


def test_marks_never_leave_their_scale():
    html = render('{% bullet value=9 target=2 maximum=3 title="x" width=100 %}')
    assert max(float(width) for width in re.findall(r' width="([\d.]+)"', html)) <= 100
    assert "nan" not in render('{% sparkline values=values title="x" %}', values=[None, None])
    assert "nan" not in render("{% bar value=0 maximum=0 %}")


def test_sparkline_leaves_a_gap_where_a_value_is_missing():
    html = render('{% sparkline values=values title="SPI" %}', values=[1, None, 2])
    assert re.search(r'd="M[\d. ]+M[\d. ]+"', html)


def test_no_component_writes_inline_style_or_script():
    form = StatusForm(data={})
    source = (
        "{% field field=form.title %}{% segmented field=form.verdict %}{% error_summary form=form %}{% legend %}"
        '{% glyph_pair previous="green" current="red" %}{% weeks_strip states=states %}{% kbd keys="J" %}'
        '{% ibcs_bar actual=1 forecast=2 plan=2 maximum=3 title="x" %}{% icon name="search" %}'
    )
    html = render(source, form=form, states=["green"])
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=", html)


def test_every_tag_is_a_builtin():
    builtins = Engine.get_default().builtins
    assert "config.web.templatetags.ui" in builtins


def test_navigation_shows_only_what_may_be_followed(rf, monkeypatch):
    from config.web import nav

    entries = {
        "set_theme": NavEntry(label="Libre", url_name="set_theme", permission="", order=20),
        "extend_session": NavEntry(label="Gardé", url_name="extend_session", permission="portfolio.read", order=10),
        "nowhere": NavEntry(label="Absent", url_name="nowhere", permission="", order=5),
    }
    monkeypatch.setattr(nav, "_entries", entries)
    monkeypatch.setattr(nav, "_checkers", [lambda request, permission: request.may])
    request = rf.get("/preferences/theme/")
    request.user = type("Reader", (), {"is_authenticated": True})()
    request.may = False
    assert [(link.label, link.current) for link in nav.links(request)] == [("Libre", True)]
    request.may = True
    assert [link.label for link in nav.links(request)] == ["Gardé", "Libre"]
    request.user.is_authenticated = False
    assert nav.links(request) == []


def test_dateline_without_provider_is_the_day(rf, monkeypatch):
    from config import clock
    from config.web import dateline as module

    monkeypatch.setattr(module, "_providers", [])
    request = rf.get("/")
    request.user = type("Reader", (), {"is_authenticated": True})()
    assert dateline(request) == Dateline(today=clock.today())


@pytest.mark.parametrize(
    ("page", "code", "expected"),
    [("fr", None, ""), ("en", None, ' lang="fr"'), ("fr", "nl", ' lang="nl"'), ("nl", "nl", ""), ("en", "", "")],
)
def test_a_language_is_told_only_where_it_is_not_the_page_s(page, code, expected):
    with translation.override(page):
        assert render("{% lang code=code %}", code=code) == expected


def test_a_name_tells_the_language_it_is_shown_in():
    with translation.override("nl"):
        translated, fallback = languages.in_reach("École", "School"), languages.in_reach("École", "")
        assert render("{% lang of=name %}", name=translated) == ""
        assert render("{% worded text=name %}", name=fallback) == '<span lang="fr">École</span>'
        assert render("{% lang of=name %}", name="Zonder taal") == ""


def test_quoted_words_inside_a_sentence_tell_their_language():
    with translation.override("en"):
        sentence = render("{{ text|quotations }}", text="Milestone “Mise <b>en service” is late")
    assert sentence == 'Milestone “<span lang="fr">Mise &lt;b&gt;en service</span>” is late'
