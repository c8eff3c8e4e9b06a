"""Settings, from the environment and Streamlit's secrets; the environment wins."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).parents[1]
PREFIX = "CHAT_HISTORY_"
MOST_MAILS_PER_MINUTE = 10_000
MOST_BACKUPS = 1000
A_YEAR_H, A_WEEK_MIN = 365 * 24, 7 * 24 * 60
MOST_DAYS_KEPT = 36_500
MOST_ROWS = 1_000_000_000
# Streamlit reads both; a section of the app's own file takes the place of that of the user.
SECRETS = ".streamlit/secrets.toml"
USERS_SECRETS = f"~/{SECRETS}"
# What Streamlit's st.login needs; without it, it fails at the click.
SIGN_IN = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"
HOSTS = "CHAT_HISTORY_HOSTS"
ALLOWED = "CHAT_HISTORY_ALLOWED"
ADMINISTRATORS = "CHAT_HISTORY_ADMINISTRATORS"
ROLES, ROLE_CLAIM = "CHAT_HISTORY_ROLES", "CHAT_HISTORY_ROLE_CLAIM"
OPEN = "CHAT_HISTORY_OPEN"
EXPORT_REASON, EXPORT_PASSWORD = "CHAT_HISTORY_EXPORT_REASON", "CHAT_HISTORY_EXPORT_PASSWORD"
EXPORT_ROWS = "CHAT_HISTORY_EXPORT_ROWS_A_DAY"
SIGNED_IN_HOURS, IDLE_MINUTES = "CHAT_HISTORY_SIGNED_IN_HOURS", "CHAT_HISTORY_IDLE_MINUTES"
CLAIMED_ROLES, USUAL_ROLE = "CHAT_HISTORY_CLAIMED_ROLES", "CHAT_HISTORY_USUAL_ROLE"
ACCESSES_KEPT, SEAL_KEY = "CHAT_HISTORY_ACCESSES_KEPT_DAYS", "CHAT_HISTORY_SEAL_KEY"
EVERYBODY, GROUP = "*", "group:"
WHO_MAY = re.compile(rf"{GROUP}.+|[^\s@]*@[^\s@]+")
HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")

SmtpSecurity = Literal["starttls", "tls", "none"]
SECURITIES: tuple[SmtpSecurity, ...] = ("starttls", "tls", "none")


class SettingError(ValueError):
    """A setting has a value that cannot be used; `name` and `value` say which."""

    is_fit_for_logs = True

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name} cannot be {value!r}")
        self.name = name
        self.value = value

    @property
    def told(self) -> str:
        """The setting, as it is shown to who can correct it."""
        return f"{self.name} = {self.value}"


class SecretsError(SettingError):
    """The secrets' file cannot be read, or lacks what signing in needs; `value` says what is wrong, and no secret."""

    @property
    def told(self) -> str:
        """The file and its fault, as it is shown to who can correct it."""
        return f"{self.name}: {self.value}"

    def __str__(self) -> str:
        return self.told


@dataclass(frozen=True)
class Smtp:
    """How mail leaves: server, its security, the account, the sender's address, and how many attempts a minute."""

    host: str
    port: int
    security: SmtpSecurity
    user: str | None
    password: str | None
    sender: str
    certificates: str | None = None
    per_minute: int = 30


@dataclass(frozen=True)
class RoleSettings:
    """Who may do what, as the installation says.

    `administrators` are addresses in small letters. `claim` names what whoever signs people in says of them, and
    `claimed` the role that each of its values stands for. `rights` are those of roles that differ from the usual ones,
    or are new. `usual` is the role of all others.
    """

    administrators: frozenset[str]
    claim: str | None
    claimed: Mapping[str, str]
    rights: Mapping[str, frozenset[str]]
    usual: str


@dataclass(frozen=True)
class Settings:
    """Everything that an installation can decide; see the table in README.md."""

    store: str
    zone: str
    import_folder: Path
    inbox: Path | None
    backup_folder: Path | None
    backups_kept: int
    person: str | None
    smtp: Smtp | None
    hosts: frozenset[str]
    allowed: frozenset[str]
    has_sign_in: bool
    is_open: bool
    asks_export_reason: bool
    asks_export_password: bool
    export_rows_a_day: int | None
    signed_in_for: timedelta
    idle_for: timedelta
    roles: RoleSettings
    accesses_kept_days: int
    seal_key: bytes | None


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of this installation; raises SettingError for a value that cannot be used."""
    values = _values(environment)
    # Addresses and domains in small letters, groups as they are written.
    value = values.get(ALLOWED, "")
    named = frozenset(name if name.startswith(GROUP) else name.lower() for name in _listed(value))
    if not all(name == EVERYBODY or WHO_MAY.fullmatch(name) for name in named):
        raise SettingError(ALLOWED, value)
    has_sign_in = bool(_secrets().get("auth"))
    # Where nobody signs in, there is no second person who could agree to more.
    most_rows = _count(EXPORT_ROWS, values[EXPORT_ROWS], MOST_ROWS) if values.get(EXPORT_ROWS) else None
    zone = values.get("CHAT_HISTORY_ZONE", "UTC")
    try:
        zone = ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError("CHAT_HISTORY_ZONE", zone) from error
    return Settings(
        store=values.get("CHAT_HISTORY_STORE", str(ROOT / "data" / "chat_history.duckdb")),
        zone=zone,
        import_folder=Path(values.get("CHAT_HISTORY_IMPORT_FOLDER", str(ROOT / "data"))).resolve(),
        inbox=Path(values["CHAT_HISTORY_INBOX"]).resolve() if values.get("CHAT_HISTORY_INBOX") else None,
        backup_folder=Path(values["CHAT_HISTORY_BACKUP_FOLDER"]).resolve()
        if values.get("CHAT_HISTORY_BACKUP_FOLDER")
        else None,
        backups_kept=_count("CHAT_HISTORY_BACKUPS_KEPT", values.get("CHAT_HISTORY_BACKUPS_KEPT", "7"), MOST_BACKUPS),
        person=values.get("CHAT_HISTORY_PERSON"),
        smtp=_smtp(values),
        hosts=_hosts(values.get(HOSTS, "")),
        allowed=named,
        has_sign_in=has_sign_in,
        is_open=_is_yes(values, OPEN),
        asks_export_reason=_is_yes(values, EXPORT_REASON),
        asks_export_password=_is_yes(values, EXPORT_PASSWORD),
        export_rows_a_day=most_rows if has_sign_in else None,
        signed_in_for=timedelta(hours=_count(SIGNED_IN_HOURS, values.get(SIGNED_IN_HOURS, "12"), A_YEAR_H)),
        idle_for=timedelta(minutes=_count(IDLE_MINUTES, values.get(IDLE_MINUTES, "60"), A_WEEK_MIN)),
        roles=RoleSettings(
            administrators=frozenset(name.lower() for name in _listed(values.get(ADMINISTRATORS, ""))),
            claim=values.get(ROLE_CLAIM),
            claimed=_pairs(values, CLAIMED_ROLES),
            rights={role: frozenset(rights.split()) for role, rights in _pairs(values, ROLES).items()},
            usual=values.get(USUAL_ROLE, "viewer"),
        ),
        accesses_kept_days=_count(ACCESSES_KEPT, values.get(ACCESSES_KEPT, "365"), MOST_DAYS_KEPT, least=0),
        seal_key=values[SEAL_KEY].encode() if values.get(SEAL_KEY) else None,
    )


def load_hosts(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The names the app has beside localhost, whatever the other settings are; raises SettingError."""
    return _hosts(_values(environment).get(HOSTS, ""))


def _values(environment: Mapping[str, str]) -> dict[str, str]:
    section = _secrets().get("chat_history", {})
    kept = {PREFIX + name.upper(): str(value) for name, value in section.items()}
    return kept | {key: value for key, value in environment.items() if key.startswith(PREFIX) and value}


@cache
def _secrets() -> dict[str, Any]:
    return _secrets_in(USERS_SECRETS) | _secrets_in(SECRETS)


def _secrets_in(name: str) -> dict[str, Any]:
    # Before the path that ~ becomes, ROOT does not stand.
    file = ROOT / os.path.expanduser(name)  # noqa: PTH111 - Path raises where there is no home
    try:
        if not file.is_file():
            return {}
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        auth = _table(found, "auth")
        given = auth | _table(auth, "default")
        missing = [key for key in SIGN_IN if not (isinstance(given.get(key), str) and given[key])]
        if auth and missing:
            raise ValueError(f"[auth] lacks {', '.join(missing)}")
        if auth and not given["redirect_uri"].endswith(CALLBACK):
            raise ValueError(f"redirect_uri in [auth] has to end with {CALLBACK}")
        _table(found, "chat_history")
    except OSError as error:
        raise SecretsError(name, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise SecretsError(name, f"not UTF-8 at byte {error.start}") from error
    except ValueError as error:
        raise SecretsError(name, str(error)) from error
    return found


def _table(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = found.get(name, {})
    if not isinstance(table, dict):
        raise ValueError(f"{name} has to be a section: [{name}]")
    return table


def _smtp(values: Mapping[str, str]) -> Smtp | None:
    host, sender = values.get("CHAT_HISTORY_SMTP_HOST"), values.get("CHAT_HISTORY_SMTP_SENDER")
    if not host or not sender:
        return None
    value = values.get("CHAT_HISTORY_SMTP_SECURITY", "starttls")
    security = next((each for each in SECURITIES if each == value), None)
    if security is None:
        raise SettingError("CHAT_HISTORY_SMTP_SECURITY", value)
    value = values.get("CHAT_HISTORY_SMTP_PORT", "465" if security == "tls" else "587")
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise SettingError("CHAT_HISTORY_SMTP_PORT", value)
    return Smtp(
        host=host,
        port=int(value),
        security=security,
        user=values.get("CHAT_HISTORY_SMTP_USER"),
        password=values.get("CHAT_HISTORY_SMTP_PASSWORD"),
        sender=sender,
        certificates=values.get("CHAT_HISTORY_SMTP_CERTIFICATES"),
        per_minute=_count(
            "CHAT_HISTORY_MAILS_PER_MINUTE", values.get("CHAT_HISTORY_MAILS_PER_MINUTE", "30"), MOST_MAILS_PER_MINUTE
        ),
    )


def _is_yes(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "no")
    if value not in ("yes", "no"):
        raise SettingError(name, value)
    return value == "yes"


def _listed(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


def _pairs(values: Mapping[str, str], name: str) -> dict[str, str]:
    """What stands before and behind the last “=” of each entry."""
    pairs = {}
    for entry in _listed(values.get(name, "")):
        key, is_pair, value = entry.rpartition("=")
        if not (key.strip() and is_pair and value.strip()):
            raise SettingError(name, values[name])
        pairs[key.strip()] = value.strip()
    return pairs


def _count(name: str, value: str, most: int, *, least: int = 1) -> int:
    if not (value.isascii() and value.isdecimal()) or not least <= int(value) <= most:
        raise SettingError(name, value)
    return int(value)


def _hosts(value: str) -> frozenset[str]:
    try:
        names = {name.lower().encode("idna").decode() for name in value.replace(",", " ").split()}
    except UnicodeError as error:
        raise SettingError(HOSTS, value) from error
    if not all(HOST_NAME.fullmatch(name) for name in names):
        raise SettingError(HOSTS, value)
    return frozenset(names)
