"""Which account of its system a record is of, where it says so, or somebody said so for all files of an import."""

from collections.abc import Iterable
from dataclasses import replace

from lib.chats.accounts import FIRST, LONGEST_NAME, Account
from lib.importing.problems import FieldError, ImportRefused
from lib.importing.records.values import text_or_number
from lib.store import Cursor, insert
from lib.text import is_unsafe


def account_in(value: object, field: str = "account") -> str | None:
    """The name of an account, None where it is not known; raises FieldError."""
    found = text_or_number(value, field) or ""
    found = "".join(sign for sign in found if not is_unsafe(sign)).strip()
    if len(found) > LONGEST_NAME:
        raise FieldError(field, value, "too_long")
    return found or None


class Accounts:
    """The accounts that are known, and those that an import adds.

    What people say is the key of an account as it stands. What a vendor's file says is a number that nobody chose, and
    other answers of the system do not say it: so the first that they name is the first account of the system.
    """

    def __init__(self, known: Iterable[Account] = (), said: str | None = None) -> None:
        """`said` is the account of all records that name none themselves."""
        self._said = account_in(said)
        self._known: dict[tuple[str, str], Account] = {}
        self._keys: dict[tuple[str, str], str] = {}
        self._added: set[tuple[str, str]] = set()
        for account in known:
            self._keep(account)

    def of(self, system: str, given: str | None, told: str | None = None) -> str | None:
        """The key of the account that a record of the system gives, or that is said, or a vendor's file tells.

        None where none of them names one.
        """
        word = given or self._said or told
        if word is None:
            return None
        key = self._keys.get((system, word))
        if key is None:
            is_told = not (given or self._said)
            first = self._known.get((system, FIRST), Account(system, FIRST))
            found = replace(first, told=word) if is_told and first.told is None else Account(system, word)
            self._add(found)
            key = found.account
        return key

    def name(self, system: str, key: str | None, name: str | None) -> None:
        """Keeps what an export of ours calls an account that has no name here."""
        found = self._known.get((system, key or FIRST), Account(system, key or FIRST))
        if name and not found.name and not self._said and (system, name) not in self._keys:
            self._add(replace(found, name=name))

    @property
    def added(self) -> tuple[Account, ...]:
        """Those that are new, or of which more is known."""
        return tuple(self._known[place] for place in sorted(self._added))

    @property
    def several(self) -> tuple[str, ...]:
        """The systems that have another account than the first one."""
        return tuple(sorted({system for system, key in self._known if key != FIRST}))

    def _add(self, account: Account) -> None:
        self._keep(account)
        self._added.add((account.system, account.account))

    def _keep(self, account: Account) -> None:
        self._known[account.system, account.account] = account
        self._keys |= {(account.system, word): account.account for word in account.words}


def keep_accounts(cursor: Cursor, added: Iterable[Account], file: str) -> None:
    """Adds what an import found out; raises ImportRefused where another one was faster and named them otherwise."""
    for account in added:
        place = {"system": account.system, "account": account.account}
        row = cursor.execute(
            "SELECT told, name FROM accounts WHERE system = $system AND account = $account", place
        ).fetchone()
        told, name = row or (None, None)
        if told is not None and account.told is not None and told != account.told:
            raise ImportRefused("accounts", file)
        cursor.execute("DELETE FROM accounts WHERE system = $system AND account = $account", place)
        insert(cursor, "accounts", place | {"told": told or account.told, "name": name or account.name})
