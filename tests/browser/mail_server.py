"""A real SMTP server with STARTTLS and sign-in, for the apps of the browser tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from lib.settings import Smtp
from tests.mail.conftest import PASSWORD, USER, Certificate, Post, free_port


@contextmanager
def mail_server(certificate: Certificate) -> Iterator[Post]:
    """A running server; what it takes is in the Post."""
    smtp = Smtp(
        host="127.0.0.1",
        port=free_port(),
        security="starttls",
        user=USER,
        password=PASSWORD,
        sender="Example Desk <desk@example.com>",
        certificates=str(certificate.certificate),
    )
    post = Post(smtp)
    controller = Controller(
        post,
        hostname=smtp.host,
        port=smtp.port,
        tls_context=certificate.context(),
        require_starttls=True,
        authenticator=_authenticate,
        auth_required=True,
    )
    controller.start()
    yield post
    controller.stop()


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)
