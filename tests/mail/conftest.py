"""A store with one chat, and real SMTP servers on the loopback interface."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lib.mail.pause import go_on
from lib.settings import Smtp
from lib.store import Store

USER, PASSWORD = "desk", "s3cret pass"
NOON = datetime.datetime(2026, 11, 3, 3, 0)

CHAT = {
    "ordinal": 1,
    "system": "test",
    "vendor_id": "1",
    "status": "missed",
    "status_derived": False,
    "supervisors": [],
    "started_at": NOON,
    "operators": [],
    "visitor_name": "Aiko Sato",
    "visitor_email": "aiko@example.com",
    "language": "en",
    "question": "Where is my order?",
    "tags": [],
    "message_count": 1,
    "given_operators": [],
    "facts_digest": "",
    "messages_digest": "",
    "import_id": UUID(int=0),
}


def add_chat(store: Store, **values: Any) -> UUID:
    """Id of a new chat with these values."""
    row = CHAT | {"id": uuid4()} | values
    sql = f"INSERT INTO chats ({', '.join(row)}) VALUES ({', '.join('$' + name for name in row)})"
    store.write(lambda cursor: cursor.execute(sql, row) and None)
    return row["id"]


@dataclass
class Certificate:
    """A self-made certificate for 127.0.0.1 with its key."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


@dataclass
class Post:
    """A running SMTP server: what it took, how to reach it, and how it is to misbehave."""

    smtp: Smtp
    received: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    drop_after_data: bool = False
    hold: threading.Event | None = None
    in_data: threading.Event = field(default_factory=threading.Event)

    def mails(self) -> list[EmailMessage]:
        """What was received, parsed."""
        return [message_from_bytes(source, policy=policy.default) for source in self.received]

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.in_data.set()
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.received.append(envelope.original_content)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.signed_in.append(bool(session.authenticated))
        if self.drop_after_data:
            server.transport.abort()
        while self.hold and not self.hold.is_set():
            await asyncio.sleep(0.01)
        return "250 taken"


@pytest.fixture(scope="session")
def certify(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Certificate]:
    """Makes a certificate for an address."""

    def make(address: str) -> Certificate:
        folder = tmp_path_factory.mktemp("certificate")
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
        today = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - datetime.timedelta(days=1))
            .not_valid_after(today + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .sign(key, hashes.SHA256())
        )
        made = Certificate(folder / "certificate.pem", folder / "key.pem")
        made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        made.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return made

    return make


@pytest.fixture(scope="session")
def certificate(certify: Callable[[str], Certificate]) -> Certificate:
    return certify("127.0.0.1")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _authenticate(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)


@pytest.fixture
def start(certificate: Certificate) -> Iterator[Callable[..., Post]]:
    """Starts SMTP servers: `security` as in the settings, anything else as the Controller takes it."""
    running: list[Controller] = []

    def run(security: str = "starttls", **options: Any) -> Post:
        smtp = Smtp(
            host="127.0.0.1",
            port=free_port(),
            security=security,
            user=USER,
            password=PASSWORD,
            sender="Example Desk <desk@example.com>",
            certificates=str(certificate.certificate),
        )
        post = Post(smtp if security != "none" else replace(smtp, user=None, password=None))
        if security == "starttls":
            options = {"tls_context": certificate.context(), "require_starttls": True} | options
            options = {"authenticator": _authenticate, "auth_required": True} | options
        if security == "tls":
            # aiosmtpd takes a connection that is TLS from the start for one without TLS, and warns of required sign-in.
            options = {"ssl_context": certificate.context(), "auth_require_tls": False} | options
            options = {"authenticator": _authenticate} | options
        controller = Controller(post, hostname="127.0.0.1", port=smtp.port, **options)
        controller.start()
        running.append(controller)
        return post

    yield run
    for controller in running:
        controller.stop()


@pytest.fixture
def post(start: Callable[..., Post]) -> Post:
    """A server with STARTTLS and sign-in."""
    return start()


@pytest.fixture
def location(kind: str, tmp_path: Path) -> str:
    return f"{'ducklake:' if kind == 'lake' else ''}{tmp_path / 'store.db'}"


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Store]]:
    """Opens a store of each kind once: making a lake takes a second."""
    opened: dict[str, Store] = {}

    def of(kind: str) -> Store:
        if kind not in opened:
            opened[kind] = Store(f"{kind}{tmp_path_factory.mktemp('store') / 'store.db'}")
        return opened[kind]

    yield of
    for store in opened.values():
        store.close()


@pytest.fixture
def store(location: str, stores: Callable[[str], Store]) -> Iterator[Store]:
    """An empty store of the kind of `location`."""
    shared = stores("ducklake:" if location.startswith("ducklake:") else "")
    yield shared
    for table in ("chats", "mails", "events", "do_not_contact", "mail_templates"):
        shared.write(lambda cursor, table=table: cursor.execute(f"DELETE FROM {table}") and None)
    shared.write(go_on)


@pytest.fixture
def chat(store: Store) -> UUID:
    return add_chat(store)


@pytest.fixture
def add(store: Store) -> Callable[..., UUID]:
    return lambda **values: add_chat(store, **values)


@pytest.fixture
def add_to() -> Callable[..., UUID]:
    return add_chat
