"""The accounts of chat systems: two shops with the same system have different chats under the same ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.commands import command
from lib.language import _
from lib.store import Cursor, Store, insert, now, record_event

# The key of the first account of a system, whether or not it is known by a name. In `chats` it is NULL.
FIRST = ""
LONGEST_NAME = 200
# What accounts are called, by what `chats` holds.
AccountNames = Mapping[str | None, str]


@dataclass(frozen=True)
class Account:
    """An account: its key, what files call it where that is not the key (`told`), and what people call it (`name`)."""

    system: str
    account: str
    told: str | None = None
    name: str | None = None

    @property
    def known_as(self) -> str | None:
        """What it is called; None for a first account that nobody has named."""
        return self.name or self.told or self.account or None

    @property
    def words(self) -> frozenset[str]:
        """All by which it may be named."""
        return frozenset(filter(None, (self.account, self.told, self.name)))


def accounts(store: Store) -> list[Account]:
    """All accounts that chats are of, or that are known otherwise, by system, the first one first."""
    found = store.read("""
        SELECT system, account, a.told, a.name
        FROM (
            SELECT DISTINCT system, coalesce(account, '') AS account FROM chats WHERE deleted_at IS NULL
            UNION SELECT system, account FROM accounts
        ) LEFT JOIN accounts AS a USING (system, account)
        ORDER BY system, account
    """)
    return [Account(**row) for row in found]


def named_accounts(store: Store) -> list[Account]:
    """Those that were named, by a file or by people."""
    return [Account(**row) for row in store.read("SELECT system, account, told, name FROM accounts")]


def has_several(found: Iterable[Account]) -> bool:
    """Whether a system has more than one of these accounts."""
    systems = [each.system for each in found]
    return len(systems) > len(set(systems))


def account_names(found: Iterable[Account]) -> AccountNames:
    """What the accounts are called, by what `chats` holds; one that several systems have may have several names."""
    names: dict[str | None, list[str]] = {}
    for each in found:
        names.setdefault(each.account or None, []).append(each.known_as or "")
    told = {}
    for account, known in names.items():
        name = " / ".join(sorted(set(filter(None, known))))
        if account is None:
            name = _("First account ({names})", names=name) if name else _("First account")
        told[account] = name
    return told


def names_told(found: Iterable[Account]) -> AccountNames:
    """As `account_names`, for the middle of a sentence: a first account that has no name is not among them."""
    names: dict[str | None, list[str | None]] = {}
    for each in found:
        names.setdefault(each.account or None, []).append(each.known_as)
    return {account: " / ".join(sorted(set(filter(None, known)))) for account, known in names.items() if all(known)}


def account_name(found: Iterable[Account], system: str, account: str | None) -> str | None:
    """What the account of a chat is called; None where its system has only one, without a name."""
    own = [each for each in found if each.system == system]
    named = next((each.known_as for each in own if (each.account or None) == account), account)
    return named or (_("First account") if len(own) > 1 else None)


@command("account.name", "import", "name_account", undone_by="account.name")
def name_account(store: Store, system: str, account: str, name: str, actor: str) -> bool:
    """Gives an account a name, or takes it away where that is empty.

    False, and nothing done, where another account of the system is called so.
    """
    name = name.strip()[:LONGEST_NAME]

    def work(cursor: Cursor) -> bool:
        rows = cursor.execute(
            "SELECT system, account, told, name FROM accounts WHERE system = $system", {"system": system}
        ).fetchall()
        known = {each.account: each for each in (Account(*row) for row in rows)}
        if any(name in each.words for each in known.values() if each.account != account):
            return False
        found = known.get(account, Account(system, account))
        cursor.execute(
            "DELETE FROM accounts WHERE system = $system AND account = $account",
            {"system": system, "account": account},
        )
        row = {"system": system, "account": account, "told": found.told, "name": name or None}
        insert(cursor, "accounts", row)
        record_event(cursor, "name_account", actor, None, now(), system=system, account=account, name=name)
        return True

    return store.write(work)
