"""Accounts on the screen: said at an import, named, chosen in the sidebar, and shown where a system has several."""

import json
from pathlib import Path

import pytest

from lib.chats.accounts import accounts, name_account
from lib.importing import chat_id
from lib.screen.frame import session
from lib.store import Store
from tests.importing.files import csv_file, load
from tests.pages.driving import CHATS, IMPORT, body, click, has, listed, open_chat, run, visit
from tests.pages.import_page import drop, said
from tests.worlds import NOW

SHOP = csv_file([{"id": "1", "visitor_name": "Rin", "started_at": NOW.isoformat() + "Z"}], "shop.csv")


@pytest.fixture
def shops(world) -> Store:
    """A store with the same chat of two shops, and of no named one."""
    store = world("empty")
    for name in (None, "osaka", "kobe"):
        load(store, SHOP, account=name)
    return store


def bring_in_of(name: str):
    at = drop(SHOP)
    (field,) = [each for each in at.text_input if each.key.startswith("import_account_")]
    return click(run(field.input(name)), "import")


@pytest.mark.parametrize(("locale", "told"), [("en", "What names no account is of: osaka"), ("ja", "次のアカウント")])
def test_what_is_said_on_import_is_the_account_of_the_files(folder: Path, locale, told):
    at = drop(SHOP, at=visit(IMPORT, context={"locale": locale}))
    (field,) = [each for each in at.text_input if each.key.startswith("import_account_")]
    at = click(run(field.input(" osaka ")), "import")
    assert told in body(at)
    assert [each.account for each in accounts(session.store())] == ["osaka"]


def test_what_names_none_beside_named_ones_is_said(folder: Path):
    bring_in_of("osaka")
    assert said(
        bring_in_of(""), "Chats and visitors of import that name no account: 1. They were put to: First account"
    )


def test_the_sidebar_lists_accounts_only_where_there_are_several(shops: Store):
    at = visit(CHATS)
    options = at.multiselect(key="w_account").options
    assert {option.partition("\N{NO-BREAK SPACE}")[0] for option in options} == {"First account", "kobe", "osaka"}
    assert sorted(listed(at)["account"]) == ["First account", "kobe", "osaka"]
    at = visit(CHATS, {"account": ["osaka"], "system": ["import"]})
    assert list(listed(at)["account"]) == ["osaka"]
    assert "of the account osaka" in body(at)


def test_the_sidebar_lists_no_accounts_where_there_is_one(world):
    world("review")
    assert not has(visit(CHATS), "w_account")
    assert has(visit(CHATS), "w_system")
    assert has(visit(CHATS, {"account": ["osaka"]}), "w_account")


def facts(at) -> dict[str, str]:
    frames = [found.value for found in at.dataframe if "field" in found.value]
    return {row["field"]: row["value"] for frame in frames for row in frame.to_dict("records")}


def test_the_details_of_a_chat_name_its_account(shops: Store):
    found = facts(visit(CHATS, {"chat": str(chat_id("import", "osaka", "1")), "tab": "info"}))
    assert (found["System"], found["Account"]) == ("import", "osaka")


def test_the_details_of_a_chat_name_no_account_where_there_is_one(world):
    world("review")
    found = facts(open_chat("done", "info"))
    assert "System" in found and "Account" not in found


def test_an_account_is_named_on_import_and_called_so_everywhere(shops: Store):
    at = visit(IMPORT)
    at.session_state["accounts"] = True
    at = run(at)
    at = run(at.selectbox(key="account_which").select_index(0))
    at = click(run(at.text_input(key="account_name").input("Tokyo")), "name_account")
    assert [each.known_as for each in accounts(shops)] == ["Tokyo", "kobe", "osaka"]
    at = click(run(at.text_input(key="account_name").input("kobe")), "name_account")
    assert [each.value for each in at.warning] == ["Another account of this system has this name:"]
    assert sorted(listed(visit(CHATS))["account"]) == ["Tokyo", "kobe", "osaka"]
    assert visit(CHATS).multiselect(key="w_account").options[-1].startswith("First account (Tokyo)")


@pytest.mark.parametrize(("locale", "words"), [("en", "of the account Osaka shop"), ("ja", "アカウントがOsaka shopの")])
def test_an_account_is_told_by_its_name_above_the_list(shops: Store, locale, words):
    name_account(shops, "import", "osaka", "Osaka shop", "Ann")
    assert words in body(visit(CHATS, {"account": ["osaka"]}, context={"locale": locale}))


def test_an_account_is_told_by_its_name_in_conditions(shops: Store):
    name_account(shops, "import", "osaka", "Osaka shop", "Ann")
    conditions = json.dumps(["all", ["account", "is", "osaka"]])
    at = click(visit(CHATS, {"where": conditions}), "open_conditions")
    assert body(at).count("account is “Osaka shop”") == 2
    (values,) = [field for field in at.selectbox if "_account_is_value" in str(field.key)]
    assert values.value == "osaka"
    assert "Osaka shop" in values.options
