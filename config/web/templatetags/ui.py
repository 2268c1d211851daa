"""Components and formatters known in every template (`OPTIONS["builtins"]`).

All tags take keywords only: a missing or unknown argument is an error at compile time.
Texts and formats follow the active language.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from secrets import token_hex
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from config.web import formats, glyphs, languages, marks

register = template.Library()

register.filter("euro", lambda value: formats.euro(value))
register.filter("keuro", lambda value, decimals=0: formats.keuro(value, decimals))
register.filter("keuro_bare", lambda value, decimals=0: formats.keuro_bare(value, decimals))
register.filter("meuro", lambda value, decimals=1: formats.meuro(value, decimals))
register.filter("meuro_bare", lambda value, decimals=1: formats.meuro_bare(value, decimals))
register.filter("delta_keuro", lambda value: formats.delta_keuro(value))
register.filter("delta_meuro_bare", lambda value, decimals=1: formats.delta_meuro_bare(value, decimals))
register.filter("delta_days", lambda value: formats.delta_days(value))
register.filter("number", lambda value, decimals=0: formats.number(value, decimals))
register.filter("signed", lambda value, decimals=0: formats.signed(value, decimals))
register.filter("percent", lambda value, decimals=1: formats.percent(value, decimals))
register.filter("delta_percent", lambda value, decimals=1: formats.delta_percent(value, decimals))


class FormTokens(CsrfTokenNode):
    """`{% csrf_token %}` in every form: against forgery, and a key that makes a form sent twice one act."""

    def render(self, context: Context) -> SafeString:
        return format_html('{}<input type="hidden" name="once" value="{}">', super().render(context), token_hex(16))


@register.tag("csrf_token")
def form_tokens(_parser: Parser, _token: Token) -> FormTokens:
    return FormTokens()


@register.filter
def date_short(value: date | None) -> str:
    return formats.date_short(value)


@register.filter
def date_long(value: date | None) -> str:
    return formats.date_long(value)


@register.filter
def date_day(value: date | None) -> str:
    return formats.date_day(value)


@register.filter
def date_weekday(value: date | None) -> str:
    return formats.date_weekday(value)


@register.filter
def time_short(value: datetime | None) -> str:
    return formats.time_short(value)


@register.filter
def datetime_short(value: datetime | None) -> str:
    return formats.datetime_short(value)


@register.filter
def week(value: formats.WeekLike | None) -> str:
    return formats.week(value)


@register.filter
def week_year(value: formats.WeekLike | None) -> str:
    return formats.week_year(value)


@register.filter
def state_word(value: object) -> str:
    return glyphs.state_word(value)


@register.simple_tag
def lang(*, of: str | None = None, code: str | None = None) -> SafeString:
    """The `lang` attribute of an element that holds what people wrote, where the page is in another language.

    `of` is a text that may know its language (`Worded`), `code` a language; without them, the organisation's.
    """
    if of is not None:
        code = languages.language_apart(of) or ""
    return languages.lang_attribute(languages.own_language() if code is None else code)


@register.simple_tag
def worded(*, text: str) -> SafeString:
    """What people wrote, or a name, to stand inside a sentence of the page."""
    return languages.spoken(text if isinstance(text, languages.Worded) else languages.own_words(text))


@register.filter
def quotations(value: str) -> SafeString:
    """A computed sentence whose quoted parts are what people wrote."""
    return languages.quotations(value)


@register.simple_tag
def glyph(*, state: object, size: int = 20, label: str = "", past: bool = False, title: bool = True) -> SafeString:
    """The state glyph; `title=False` only where its word stands beside it."""
    return mark_safe(  # noqa: S308
        glyphs.glyph_svg(state=state, size=size, label=str(label), past=past, title=title)
    )


@register.simple_tag
def glyph_pair(*, previous: object, current: object, size: int = 20, always: bool = False) -> SafeString:
    """Last week's glyph, faded, then this week's; only the current one where nothing changed."""
    return glyphs.pair(previous=previous, current=current, size=size, always=always)


@register.simple_tag
def weeks_strip(*, states: Sequence[object], weeks: int = 12, variant: str = "glyphs") -> SafeString:
    """The last weeks, oldest first; variant "bars" is the compact one of tables and packs."""
    return mark_safe(glyphs.strip_svg(states=states, weeks=weeks, bars=variant == "bars"))  # noqa: S308


@register.simple_tag
def icon(*, name: str, label: str = "", size: int = 16) -> SafeString:
    """A line icon; without `label` it is decoration beside its own words."""
    return mark_safe(glyphs.icon_svg(name=name, label=str(label), size=size))  # noqa: S308


@register.simple_tag
def kbd(*, keys: str) -> SafeString:
    """Keys to press, as in "Ctrl K"."""
    return format_html('<kbd class="kbd">{}</kbd>', keys)


@register.simple_tag
def bar(*, value: Decimal | float | None, maximum: Decimal | float, tone: str = "ink", width: int = 84) -> SafeString:
    """A zero-based magnitude bar beside its figure (decoration: the figure is the text)."""
    return mark_safe(marks.bar_svg(value=value, maximum=maximum, tone=tone, width=width))  # noqa: S308


@register.simple_tag
def ibcs_bar(
    *,
    actual: Decimal | float,
    forecast: Decimal | float,
    plan: Decimal | float,
    maximum: Decimal | float,
    title: str,
    width: int = 240,
) -> SafeString:
    """Actual solid, forecast hatched up to its total, plan outlined; one scale per table."""
    return mark_safe(  # noqa: S308
        marks.ibcs_bar_svg(actual=actual, forecast=forecast, plan=plan, maximum=maximum, title=str(title), width=width)
    )


@register.simple_tag
def bullet(
    *, value: Decimal | float, target: Decimal | float, maximum: Decimal | float, title: str, width: int = 240
) -> SafeString:
    """One measure against one limit, with what exceeds it in red."""
    return mark_safe(  # noqa: S308
        marks.bullet_svg(value=value, target=target, maximum=maximum, title=str(title), width=width)
    )


@register.simple_tag
def sparkline(
    *, values: Sequence[Decimal | float | None], title: str, reference: float | None = None, width: int = 200
) -> SafeString:
    """A line of the last values with a dot on the last one; gaps stay gaps."""
    return mark_safe(  # noqa: S308
        marks.sparkline_svg(values=values, title=str(title), reference=reference, width=width)
    )


@register.simple_tag
def variance(
    *, value: Decimal | int | float | None, kind: str = "days", bad: str = "up", decimals: int = 0
) -> SafeString:
    """A signed difference: bad ones red and bold, good ones green, ±0 faint.

    kind: days, keuro, meuro, percent or number. bad: "up" or "down".
    """
    texts = {
        "days": lambda: formats.delta_days(int(value) if value is not None else None),
        "keuro": lambda: formats.delta_keuro(value),
        "meuro": lambda: formats.delta_meuro_bare(value, decimals or 1),
        "percent": lambda: formats.delta_percent(value, decimals or 1),
        "number": lambda: formats.signed(value, decimals),
    }
    text = texts[kind]()
    return format_html('<span class="var var-{}">{}</span>', marks.tone(value, text, bad=bad), text)


def _describe(field: BoundField, hint: str) -> tuple[str, str, str]:
    hint_id = f"{field.id_for_label or field.auto_id}_hint" if hint else ""
    error_id = f"{field.id_for_label or field.auto_id}_error" if field.errors else ""
    return hint_id, error_id, " ".join(part for part in (hint_id, error_id) if part)


def _initial_text(field: BoundField) -> str:
    value = field.form.get_initial_for_field(field.field, field.name)
    if isinstance(field.field.widget, forms.CheckboxInput):
        return str(bool(value))
    prepared = field.field.prepare_value(value)
    if isinstance(prepared, list | tuple | set):
        return ",".join(str(part) for part in prepared)
    shown = field.field.widget.format_value(prepared)
    return "" if shown is None else str(shown[0] if isinstance(shown, list) and shown else shown or "")


def _widget_attrs(field: BoundField, *, described: str, counter: int, track: bool) -> dict[str, str | bool]:
    attrs: dict[str, str | bool] = {}
    if described:
        attrs["aria-describedby"] = described
    if field.errors and (described or not field.use_fieldset):
        attrs["aria-invalid"] = "true"
    if counter:
        attrs["data-counter"] = str(counter)
    if track:
        attrs["data-initial"] = _initial_text(field)
    return attrs


@register.inclusion_tag("components/field.html")
def field(
    *,
    field: BoundField,
    hint: str = "",
    label: str = "",
    counter: int = 0,
    track: bool = False,
    hide_label: bool = False,
    css: str = "",
) -> dict[str, Any]:
    """Label, widget, hint and errors of a bound field.

    `counter=220` shows the characters left; `track=True` marks the field once it differs
    from its initial value; `css` adds classes to the field's block.
    """
    widget = field.field.widget
    shown_hint = str(hint or field.help_text or "")
    hint_id, error_id, described = _describe(field, shown_hint)
    group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    attrs = _widget_attrs(field, described="" if group else described, counter=counter, track=track)
    return {
        "field": field,
        "widget": field.as_widget(attrs=attrs),
        "label": label or field.label,
        "hint": shown_hint,
        "hint_id": hint_id,
        "error_id": error_id,
        "described": described,
        "is_group": group,
        "is_check": isinstance(widget, forms.CheckboxInput),
        "hide_label": hide_label,
        "optional": not field.field.required and not isinstance(widget, forms.CheckboxInput),
        "changed": track and field.form.is_bound and field.name in field.form.changed_data,
        "counter": counter,
        "css": css,
    }


@register.inclusion_tag("components/segmented.html")
def segmented(
    *,
    field: BoundField,
    label: str = "",
    keys: bool = True,
    track: bool = False,
    show_label: bool = False,
    css: str = "",
) -> dict[str, Any]:
    """Radio choices side by side; a choice whose value is a state carries its glyph."""
    current = "" if field.value() is None else str(field.value())
    base = field.auto_id or field.html_name
    options = [
        {
            "id": f"{base}_{position}",
            "value": str(value),
            "text": text,
            "checked": str(value) == current,
            "state": str(value) if str(value) in glyphs.STATES and str(value) != "none" else "",
            "key": position + 1 if keys and position < 9 else "",
        }
        for position, (value, text) in enumerate(_choices(field))
    ]
    _, error_id, described = _describe(field, "")
    return {
        "field": field,
        "options": options,
        "label": label or field.label,
        "show_label": show_label,
        "error_id": error_id,
        "described": described,
        "initial": str(field.initial if field.initial is not None else "") if track else None,
        "track": track,
        "css": css,
    }


def _choices(field: BoundField) -> Iterable[tuple[object, object]]:
    return [choice for choice in field.field.choices if choice[0] != ""]  # type: ignore[attr-defined]


@register.inclusion_tag("components/error_summary.html")
def error_summary(*, form: Any) -> dict[str, Any]:
    """The focused list of what to correct; `form` is a form, a formset or a list of forms."""
    many = list(form) if not isinstance(form, forms.BaseForm) else [form]
    problems: list[tuple[str, str]] = []
    for one in many:
        problems += [("", str(text)) for text in one.non_field_errors()]
        for bound in one:
            target = _first_id(bound)
            problems += [(target, formats.labelled(str(bound.label), str(text))) for text in bound.errors]
    return {"problems": problems}


def _first_id(field: BoundField) -> str:
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id or ""


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, *, page: Page[Any]) -> dict[str, Any]:
    """Previous and next pages by `?page=`; keeps the other parameters of the address."""
    return {"page": page, "request": context.get("request")}


@register.simple_tag(takes_context=True)
def sort_th(
    context: Context, *, key: str, label: str, default: str = "", parameter: str = "sort", css: str = ""
) -> SafeString:
    """A column heading that sorts (`?sort=key`, `?sort=-key`) and tells its order.

    `default` is the order in force when the address names none.
    """
    request = context["request"]
    active = request.GET.get(parameter, default)
    order = {key: "ascending", f"-{key}": "descending"}.get(active, "none")
    query = request.GET.copy()
    query[parameter] = f"-{key}" if order == "ascending" else key
    query.pop("page", None)
    sign = {"ascending": "↑", "descending": "↓", "none": ""}[order]
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="th-sort" href="?{}">{}<span aria-hidden="true"'
        ' class="th-sign">{}</span></a></th>',
        css,
        order,
        query.urlencode(),
        label,
        sign,
    )


@register.simple_tag
def legend(*, states: str = "red,amber,green,stale") -> SafeString:
    """What the glyphs mean, in words."""
    items = format_html_join(
        "",
        '<span class="legend-item">{} {}</span>',
        ((glyph(state=name, size=17, title=False), glyphs.state_word(name)) for name in states.split(",")),
    )
    return format_html('<p class="legend">{}</p>', items)


@register.filter
def week_number(value: formats.WeekLike) -> int:
    """The ISO week alone, for sentences such as "Semaine 47"."""
    return formats.iso_week(value)[1]
