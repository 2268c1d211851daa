import re
from xml.etree import ElementTree as ET

import pytest

from tests.reporting.charts.samples import HOSTILE, figures

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted(figures())


@pytest.fixture(params=NAMES)
def chart(request):
    return figures()[request.param]


def test_chart_is_an_image_named_by_its_first_child(chart):
    root = ET.fromstring(chart)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == HOSTILE
    assert root.get("aria-labelledby") == root[0].get("id")


def test_chart_holds_no_style_script_or_link(chart):
    for node in ET.fromstring(chart).iter():
        assert node.tag not in {f"{SVG}script", f"{SVG}style", f"{SVG}a", f"{SVG}foreignObject"}
        names = {key.lower() for key in node.attrib}
        assert "style" not in names
        assert not any(name.startswith("on") or name.endswith("href") for name in names)


def test_every_coordinate_is_finite(chart):
    assert not re.search(r"(nan|inf)\b", re.sub(r"<title.*?</title>|<text.*?</text>", "", chart))


def test_references_stay_inside_the_chart(chart):
    root = ET.fromstring(chart)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", chart)) <= set(ids)
    assert all(name.startswith(root.get("id")) for name in ids)


def test_ids_of_two_charts_never_meet():
    ids = [name for drawn in figures().values() for name in re.findall(r' id="([^"]+)"', drawn)]
    assert len(ids) == len(set(ids))


def test_drawing_twice_gives_the_same_bytes():
    assert figures() == figures()


def test_print_keeps_every_title_as_alternative_text(tmp_path):
    import pikepdf
    import weasyprint

    titles = {name: f"Message {name}" for name in NAMES}
    body = "".join(f"<p>{figures(title)[name]}</p>" for name, title in titles.items())
    page = f"<!doctype html><html lang='fr'><title>t</title><body>{body}"
    target = tmp_path / "charts.pdf"
    weasyprint.HTML(string=page).write_pdf(target, pdf_variant="pdf/ua-1")
    with pikepdf.open(target) as pdf:
        alts = {
            str(thing["/Alt"])
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure" and "/Alt" in thing
        }
    assert set(titles.values()) <= alts
