"""What people wrote is never drawn as HTML or Markdown."""

import ast

import pytest

from tests.markdown_checker import drawn_as_markdown
from tests.test_architecture import LIB, findings, modules, screens

# Expressions that the checker cannot follow and a person has; `file: {expression: reason}`.
ALLOWED: dict[str, dict[str, str]] = {
    "lib/screen/chat/notes.py": {"written_at": "always comes from moment()"},
    "lib/screen/explore/result.py": {"name": "CSV, JSON Lines or Parquet, out of a table"},
    "lib/screen/team/hours.py": {
        "label": "“From” or “To”, translated just above",
        "_(threshold.label)": "out of a table",
        "_(threshold.meaning)": "out of a table",
    },
    "lib/screen/imports/about.py": {
        "FORMAT_DESCRIPTIONS[current()].read_text(encoding='utf-8').partition('\\n')[2]": "a document of the project",
    },
    "lib/screen/imports/preview.py": {
        "outside if refusal.reason == OUTSIDE else refusal_sentence(refusal.reason)": "sentences out of a table",
        "refusal_sentence(refusal.reason)": "sentences out of a table, without fields",
    },
    "lib/screen/imports/report.py": {"name": "the names of the figures are translated just above"},
    "lib/screen/chats/list_line.py": {
        "how_counted": "names and meanings of the tabs, in Markdown on purpose",
    },
    "lib/screen/missed/figures.py": {
        "days_compared(found.span)": "days in words",
        "figure.told": "words out of a table, and numbers",
        "label": "words out of a table, and numbers",
    },
    "lib/screen/parts/figure.py": {
        "figure.name": "words out of a table",
        "f':gray[{figure.value}]' if figure.now.is_small else figure.value": "a number in words",
        "too_few(figure.now) if figure.now.is_small else figure.change": "numbers in words",
        "figure.told": "words out of a table, and numbers",
        "figure.chats": "numbers in words",
    },
    "lib/screen/reports/coverage.py": {
        "f\"{hour_range(hour)} · {plural('{n} more needed', '{n} more needed', more)}\"": "a time of day, and numbers",
    },
    "lib/screen/reports/week.py": {
        "f\"{_(WEEKDAYS[str(weekday)])} {_span(hour)} · {plural('{n} missed', '{n} missed', missed)}\"": (
            "a day out of a table, and numbers"
        ),
    },
    "lib/screen/parts/dialog.py": {"title": "constant words, translated where the dialog is drawn"},
    "lib/screen/parts/outcome.py": {"way.label": "constant words, translated where the outcome is told"},
    "lib/screen/frame/page.py": {"_(page.name)": "out of the registry of pages"},
    "lib/screen/templates/templates.py": {"f'`{{{name}}}` {_(meaning)}'": "out of the table above"},
    "lib/screen/today/today.py": {
        "name": "the names of the cards are translated just above",
        "sentence(WAITING, session.clock())": "this filter holds no value out of a chat",
    },
}


# What a screen may not draw with, whatever it draws.
def forbidden(source: str) -> list[int]:
    """Lines that put HTML on the page."""
    return sorted({node.lineno for node in ast.walk(ast.parse(source)) if _is_html(node)})


def _is_html(node: ast.AST) -> bool:
    match node:
        case ast.keyword(arg="unsafe_allow_html" | "allow_html"):
            return True
        case ast.Call(func=ast.Attribute(attr="html" | "iframe")):
            return True
        case ast.ImportFrom(module=str(module)):
            return module.startswith("streamlit.components")
    return False


def test_no_html_is_drawn():
    assert findings(forbidden, [*screens(), *modules(LIB)]) == {}


@pytest.mark.parametrize(
    "source",
    [
        'st.markdown("a", unsafe_allow_html=True)',
        "st.html(x)",
        "column.html(x)",
        "st.components.v1.html(x)",
        "from streamlit.components.v1 import html",
    ],
)
def test_html_is_found(source):
    assert forbidden(source) == [1]


def test_no_data_is_drawn_as_markdown():
    found = {
        name: left
        for name, texts in findings(drawn_as_markdown, screens()).items()
        if (left := [text for text in texts if text.split(": ", 1)[1] not in ALLOWED.get(name, {})])
    }
    assert found == {}


def test_what_is_allowed_is_still_there():
    found = findings(drawn_as_markdown, screens())
    for name, expressions in ALLOWED.items():
        assert expressions.keys() <= {text.split(": ", 1)[1] for text in found.get(name, [])}


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(name)",
        "st.write(name)",
        'st.write(_("Chats"), name)',
        'st.error(f"Failed: {reason}")',
        'st.error("Failed: " + reason)',
        'st.error("Failed: {}".format(reason))',
        'st.toast(_("Deleted {name}", name=name))',
        'st.toast(_p("a", "Deleted {name}", name=chat.visitor_name))',
        'st.toast(plural("One of {name}", "{n} of {name}", 3, name=name))',
        'st.toast(_("Deleted {name}", **fields))',
        "st.info(_(name))",
        "st.info(_(row['question']))",
        "st.info(_(chat.visitor_name))",
        'st.button(_("Go"), help=name)',
        "st.button(label=name)",
        "st.tabs([name])",
        "st.tabs([name for name in names])",
        'st.metric(_("Operator"), name)',
        'st.metric(_("Operator"), value=name)',
        'st.radio(_("Operator"), operators)',
        'st.pills(_("Tag"), options=tags)',
        "st.table(frame)",
        "left.markdown(name)",
        "st.columns(2)[0].caption(name)",
        "with st.expander(name): ...",
        "@st.dialog(name)\ndef ask(): ...",
        'st.progress(0.5, name)\nst.progress(0.5, _("Reading"))',
        'st.page_link("pages/chats.py", label=name)',
        "title = name\nst.caption(title)",
        'title = _("Chats")\ntitle = name\nst.caption(title)',
        'title = _("Chats")\nfor title in titles: st.caption(title)',
        'def draw(title): st.caption(title)\ntitle = _("Chats")',
        'def a():\n    x = name\n    st.caption(x)\ndef b():\n    x = _("Chats")\n    st.caption(x)',
        "def _draw(*, title): st.caption(title)\n_draw(title=name)",
        'def draw(title): st.caption(title)\ndraw(_("Chats"))',
        'def _draw(title): st.caption(title)\n_draw(_("Chats"))\n_draw(name)',
        'def _draw(title): st.caption(title)\n_draw(_("Chats"))\nst.button(_("Go"), on_click=_draw, args=(name,))',
        'def _draw(title=name): st.caption(title)\n_draw(_("Chats"))',
        'def who(m): return m.name or _("Visitor")\nst.caption(who(message))',
        "st.caption(_(entry.label))",
        "for row in rows: st.caption(_(row.label))",
        "for row in rows.values(): st.caption(_(row.label))",
        "for tag in chat.tags: st.caption(_(tag))",
        "st.tabs([_(tag) for tag in chat.tags])",
        "name, mail = chat.visitor\nst.caption(name)",
        'st.caption(_("Chats") if name == "" else name)',
        "st.caption(country(code))",
        "st.caption(listing(names))",
        "st.caption(sentence(chosen, clock))",
        'st.toast(_("Deleted {name}", name=f"{name}"))',
        'st.caption(" · ".join([_("Chats"), name]))',
    ],
)
def test_data_in_markdown_is_found(source):
    assert len(drawn_as_markdown(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "st.text(name)\nst.code(name)\nst.dataframe(frame)\nst.json(fields)",
        'st.markdown("**Chats**")',
        'st.caption(_("Chats"))',
        'st.error(_("Page {n} of {all}", n=number(page), all=number(pages)))',
        'st.error(_("Started {time}", time=moment(chat.started_at, zone)))',
        'st.caption(plural("One chat", "{n} chats", count))',
        'st.caption(plural("One chat", "{n} chats", n=count))',
        'st.caption(plural("One of {all}", "{n} of {all}", count, all=number(total)))',
        "st.caption(_(LABELS[chat.status]))",
        "look = LOOKS[chat.status]\nst.badge(_(look.name))\nst.caption(f':{look.colour}[x]')",
        "name, icon = SPEAKERS[message.kind]\nst.badge(_(name))",
        "for look in LOOKS: st.badge(_(look.name))",
        "for look in LOOKS.values(): st.badge(_(look.name))",
        "for look in LOOKS.values():\n    for text in look.texts: st.caption(_(text))",
        "st.badge(_(labels.LOOKS[code].name))",
        "look, zone = LOOKS[code], session.zone()\nst.badge(_(look.name))",
        'st.radio(_("Order"), list(ORDERS), format_func=ORDERS.__getitem__)',
        'st.radio(_("Order"), [order for order in ORDERS if order != "x"])',
        'def _draw(title, *, help=None): st.caption(title, help=help)\n_draw(_("Chats"), help=_("All"))\n_draw("–")',
        'def when(m): return clock(m.sent_at, zone) if m.sent_at else ""\nst.caption(when(message))',
        "st.caption(_(YES if chat.mails else NO))",
        'st.metric(_("Chats"), number(count), delta=percent(share))',
        'st.tabs([_("One"), _("Two")])',
        "st.tabs([_(entry.label) for entry in ENTRIES])",
        'title = _("Chats")\nst.caption(title)',
        'def a():\n    x = _("Chats")\n    st.caption(x)\ndef b(x): st.text(x)',
        'title = _("Chats")\nif late: title = _("Late chats")\nst.caption(title)',
        'a = _("Chats")\nb = f"{a}: {number(1)}"\nst.caption(b)',
        'st.selectbox(_("Operator"), operators, placeholder=name)',
        'st.text_input(_("Name"), value=name)',
        'st.caption(_("Chats") + " · " + moment(time, zone))',
        'log.error(name)\n"text".title()\nwriter.write(name)',
        'st.caption(" · ".join([_("Chats"), number(3)]))',
        'st.toast(_("Names: {names}", names=listing([_("One"), _("Two")], "or")))',
    ],
)
def test_the_programs_own_words_are_left_alone(source):
    assert drawn_as_markdown(source) == []
