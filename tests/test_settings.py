from pathlib import Path

import pytest

from lib import settings
from lib.settings import SecretsError, SettingError, Smtp, load_hosts, load_settings

# Taken before the fixture that hides the developer's secrets replaces it.
READ_SECRETS = settings._secrets

WHO = {"ann@example.com", "@example.org", "group:Help desk"}
SMTP = {"CHAT_HISTORY_SMTP_HOST": "mail.example.com", "CHAT_HISTORY_SMTP_SENDER": "help@example.com"}


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """A function that writes the secrets' file, by default that of the app and not that of the user."""
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(settings, "_secrets", READ_SECRETS)
    READ_SECRETS.cache_clear()

    def write(text: str, folder: str = "") -> None:
        place = tmp_path / folder / ".streamlit"
        place.mkdir(parents=True)
        (place / "secrets.toml").write_text(text, encoding="utf-8")

    yield write
    READ_SECRETS.cache_clear()


def test_defaults(monkeypatch):
    monkeypatch.setenv("LOGNAME", "mika")
    found = load_settings({})
    assert Path(found.store) == settings.ROOT / "data" / "chat_history.duckdb"
    assert found.zone == "UTC"
    assert found.import_folder == settings.ROOT / "data"
    assert found.inbox is None
    # Nobody chose the account that runs the program.
    assert found.person is None
    assert found.smtp is None


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("STORE", "ducklake:/srv/lake", "store", "ducklake:/srv/lake"),
        ("ZONE", "Asia/Tokyo", "zone", "Asia/Tokyo"),
        ("IMPORT_FOLDER", "/srv/exports", "import_folder", Path("/srv/exports")),
        ("IMPORT_FOLDER", "exports", "import_folder", Path.cwd() / "exports"),
        ("INBOX", "/srv/inbox", "inbox", Path("/srv/inbox")),
        ("INBOX", "inbox", "inbox", Path.cwd() / "inbox"),
        ("INBOX", "", "inbox", None),
        ("BACKUP_FOLDER", "/srv/backups", "backup_folder", Path("/srv/backups")),
        ("BACKUP_FOLDER", "", "backup_folder", None),
        ("BACKUPS_KEPT", "30", "backups_kept", 30),
        ("PERSON", "美香", "person", "美香"),
        (
            "HOSTS",
            "Chats.example.com, chats 履歴.example",
            "hosts",
            {"chats.example.com", "chats", "xn--fht636a.example"},
        ),
    ],
)
def test_each_variable_is_taken(name, value, field, expected):
    assert getattr(load_settings({f"CHAT_HISTORY_{name}": value}), field) == expected


def test_an_empty_variable_is_none():
    assert load_settings({"CHAT_HISTORY_ZONE": "", "CHAT_HISTORY_STORE": ""}) == load_settings({})


def test_variables_of_others_are_left_alone():
    assert load_settings({"ZONE": "Asia/Tokyo", "chat_history_zone": "Asia/Tokyo"}) == load_settings({})


def test_settings_come_from_the_process_environment(monkeypatch):
    monkeypatch.setenv("CHAT_HISTORY_ZONE", "Asia/Tokyo")
    assert load_settings().zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("ZONE", value) for value in ["Tokyo", "Asia", "UTC+9", "../../etc/passwd", "/etc/passwd", " "]),
        *(("SMTP_PORT", value) for value in ["0", "65536", "-1", "25.5", "smtp", "²"]),
        *(("MAILS_PER_MINUTE", value) for value in ["0", "-1", "1.5", "many", "²", "10001"]),
        *(("ALLOWED", value) for value in ["example.com", "@", "group:", "a b@example.com", "*, ann", "a@b@c"]),
        *(("HOSTS", value) for value in ["https://a.example", "a.example:443", "a.example/", "*", ".a", "a" * 64]),
        *(("SMTP_SECURITY", value) for value in ["ssl", "STARTTLS", "yes"]),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name, value):
    with pytest.raises(SettingError) as error:
        load_settings(SMTP | {f"CHAT_HISTORY_{name}": value})
    assert (error.value.name, error.value.value) == (f"CHAT_HISTORY_{name}", value)
    assert f"CHAT_HISTORY_{name}" in str(error.value)


def test_the_names_are_known_whatever_the_other_settings_are():
    assert load_hosts({"CHAT_HISTORY_HOSTS": "a.example", "CHAT_HISTORY_ZONE": "Mars"}) == {"a.example"}
    with pytest.raises(SettingError):
        load_hosts({"CHAT_HISTORY_HOSTS": "https://a.example"})


def test_smtp_defaults():
    assert load_settings(SMTP).smtp == Smtp("mail.example.com", 587, "starttls", None, None, "help@example.com", None)


def test_every_smtp_variable():
    given = {
        "PORT": "2525",
        "SECURITY": "tls",
        "USER": "app",
        "PASSWORD": "s3cret",
        "CERTIFICATES": "/etc/ca.pem",
    }
    smtp = load_settings(SMTP | {f"CHAT_HISTORY_SMTP_{name}": value for name, value in given.items()}).smtp
    assert smtp == Smtp("mail.example.com", 2525, "tls", "app", "s3cret", "help@example.com", "/etc/ca.pem")


def test_the_rate_limit():
    assert load_settings(SMTP).smtp.per_minute == 30
    assert load_settings(SMTP | {"CHAT_HISTORY_MAILS_PER_MINUTE": "5"}).smtp.per_minute == 5


@pytest.mark.parametrize(("security", "port"), [("tls", 465), ("starttls", 587), ("none", 587)])
def test_the_port_follows_the_security(security, port):
    assert load_settings(SMTP | {"CHAT_HISTORY_SMTP_SECURITY": security}).smtp.port == port


@pytest.mark.parametrize("missing", SMTP)
def test_no_mail_without_host_and_sender(missing):
    given = {name: value for name, value in SMTP.items() if name != missing}
    assert load_settings(given | {"CHAT_HISTORY_SMTP_PASSWORD": "s3cret"}).smtp is None


def test_secrets_fill_in(secrets):
    secrets('[chat_history]\nzone = "Asia/Tokyo"\nsmtp_host = "mail"\nsmtp_sender = "a@b.c"\nsmtp_port = 2525\n')
    found = load_settings({})
    assert found.zone == "Asia/Tokyo"
    assert (found.smtp.host, found.smtp.port) == ("mail", 2525)


def test_the_environment_wins_over_secrets(secrets):
    secrets('[chat_history]\nzone = "Asia/Tokyo"\nperson = "Ann"\n')
    found = load_settings({"CHAT_HISTORY_ZONE": "America/New_York"})
    assert (found.zone, found.person) == ("America/New_York", "Ann")


def test_other_sections_of_the_secrets_are_left_alone(secrets):
    secrets('zone = "Asia/Tokyo"\n[other]\nzone = "Asia/Tokyo"\nperson = "Ann"\n')
    assert load_settings({}).zone == "UTC"


def test_a_bad_value_in_the_secrets_is_named(secrets):
    secrets('[chat_history]\nzone = "Tokyo"\n')
    with pytest.raises(SettingError, match="CHAT_HISTORY_ZONE"):
        load_settings({})


AUTH = {
    "redirect_uri": "https://chats.example.com/oauth2callback",
    "cookie_secret": "s3cret",
    "client_id": "chats",
    "client_secret": "s3cret",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}


def auth(**changes: str) -> str:
    return "[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in (AUTH | changes).items())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[chat_history]\nzone = Asia/Tokyo\n", "line 2"),
        ("[auth\n", "line 1"),
        ('chat_history = "s3cret"\n', "[chat_history]"),
        ('auth = "s3cret"\n', "[auth]"),
        (auth(client_id=""), "[auth] lacks client_id"),
        ('[auth]\ncookie_secret = "s3cret"\n', "redirect_uri, client_id, client_secret, server_metadata_url"),
        (auth(redirect_uri="https://chats.example.com/"), "/oauth2callback"),
    ],
)
def test_a_fault_in_the_secrets_is_named_and_no_secret_is(secrets, text, fault):
    secrets(text)
    with pytest.raises(SecretsError) as error:
        load_settings({})
    assert fault in error.value.told and ".streamlit/secrets.toml" in str(error.value)
    assert "s3cret" not in error.value.told


def test_secrets_in_another_encoding_are_named(secrets, tmp_path):
    secrets("")
    (tmp_path / ".streamlit" / "secrets.toml").write_bytes(b"# \x83\x65\n")
    with pytest.raises(SecretsError, match="UTF-8"):
        load_settings({})


@pytest.mark.parametrize("text", ["[auth", '[auth]\nclient_id = "s3cret"\n', 'chat_history = "s3cret"\n'])
def test_a_fault_in_the_secrets_of_the_user_which_streamlit_reads_too_is_named_so(secrets, text):
    secrets(auth())
    secrets(text, "home")
    with pytest.raises(SecretsError, match=r"^~/\.streamlit/secrets\.toml: ") as error:
        load_settings({})
    assert "s3cret" not in error.value.told


def test_of_the_users_secrets_and_the_apps_each_section_of_the_apps_counts(secrets):
    secrets(auth() + '[chat_history]\nzone = "Asia/Seoul"\nperson = "Ann"\n', "home")
    secrets('[chat_history]\nzone = "Asia/Tokyo"\n')
    found = load_settings({})
    # As in Streamlit itself, which knows nothing else of the other section then.
    assert (found.zone, found.person, found.has_sign_in) == ("Asia/Tokyo", None, True)


def test_signing_in_that_is_whole_is_taken(secrets):
    assert not load_settings({}).has_sign_in
    READ_SECRETS.cache_clear()
    secrets(auth() + "[auth.other]\nclient_id = 'x'\n")
    assert load_settings({}).has_sign_in


def test_signing_in_with_a_section_for_the_provider_is_taken(secrets):
    own = auth().splitlines(keepends=True)
    secrets("".join([*own[:3], "[auth.default]\n", *own[3:]]))
    assert load_settings({}).zone == "UTC"


def test_no_secrets_at_all(secrets):
    assert load_settings({}).zone == "UTC"


def test_the_tests_see_no_settings_of_the_developer():
    assert settings._secrets() == {}


def test_what_was_seen_is_kept_for_a_year_or_as_long_as_is_set():
    assert load_settings({}).accesses_kept_days == 365
    assert load_settings({"CHAT_HISTORY_ACCESSES_KEPT_DAYS": "0"}).accesses_kept_days == 0
    with pytest.raises(SettingError):
        load_settings({"CHAT_HISTORY_ACCESSES_KEPT_DAYS": "-1"})


def test_the_key_of_the_seals():
    assert load_settings({}).seal_key is None
    assert load_settings({"CHAT_HISTORY_SEAL_KEY": "秘密"}).seal_key == "秘密".encode()
