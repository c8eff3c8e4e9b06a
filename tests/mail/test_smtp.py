"""What becomes of a mail at a real server."""

import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace

import pytest

from lib.mail import smtp as module
from lib.mail.smtp import Delivered, Undelivered, deliver

MESSAGE = b"From: desk@example.com\r\nTo: aiko@example.com\r\nSubject: x\r\n\r\n.begins with a dot\r\n..\r\nend\r\n"
TO = "aiko@example.com"


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_delivered(start, security):
    post = start(security)
    assert deliver(MESSAGE, TO, ["ken@example.com"], post.smtp) == Delivered()
    assert post.received == [MESSAGE]
    assert post.envelopes == [("desk@example.com", [TO, "ken@example.com"])]
    assert post.signed_in == [security != "none"]


def failed(outcome):
    assert isinstance(outcome, Undelivered)
    return (outcome.code, outcome.is_unknown)


def is_temporary(outcome):
    assert isinstance(outcome, Undelivered)
    return outcome.is_temporary


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("password", ["wrong", "日本", None])
def test_wrong_password(start, security, password):
    post = start(security)
    outcome = deliver(MESSAGE, TO, [], replace(post.smtp, password=password))
    assert (failed(outcome), is_temporary(outcome)) == (("sign_in_failed", False), False)
    assert post.received == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_untrusted_certificate(start, security):
    post = start(security)
    assert failed(deliver(MESSAGE, TO, [], replace(post.smtp, certificates=None))) == ("bad_certificate", False)
    assert post.received == []


@pytest.mark.parametrize(("security", "option"), [("starttls", "tls_context"), ("tls", "ssl_context")])
def test_certificate_of_another_host(start, certify, security, option):
    other = certify("127.0.0.2")
    post = start(security, **{option: other.context()})
    smtp = replace(post.smtp, certificates=str(other.certificate))
    assert failed(deliver(MESSAGE, TO, [], smtp)) == ("bad_certificate", False)
    assert post.received == []


def test_no_starttls(start):
    plain = start("none")
    smtp = replace(plain.smtp, security="starttls")
    assert failed(deliver(MESSAGE, TO, [], smtp)) == ("no_starttls", False)
    assert plain.received == []


def test_tls_where_the_server_speaks_plain_text(start):
    assert failed(deliver(MESSAGE, TO, [], replace(start("none").smtp, security="tls"))) == ("tls_failed", False)


def test_no_sign_in(start):
    smtp = replace(start("none").smtp, user="desk", password="x")
    assert failed(deliver(MESSAGE, TO, [], smtp)) == ("no_sign_in", False)


def test_settings_that_cannot_work(post, tmp_path):
    garbled = tmp_path / "garbled.pem"
    garbled.write_text("no certificate")
    for path in (garbled, tmp_path / "absent.pem"):
        smtp = replace(post.smtp, certificates=str(path))
        assert failed(deliver(MESSAGE, TO, [], smtp)) == ("certificates_unreadable", False)
        assert not is_temporary(deliver(MESSAGE, TO, [], smtp))
    assert failed(deliver(MESSAGE, TO, [], replace(post.smtp, sender="nobody"))) == ("bad_sender", False)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for code, change in (("refused_connection", {"port": port}), ("unknown_host", {"host": "no.invalid"})):
        outcome = deliver(MESSAGE, TO, [], replace(post.smtp, **change))
        assert (failed(outcome), is_temporary(outcome)) == ((code, False), True)
    assert post.received == []


@pytest.mark.parametrize(
    ("where", "answer", "code", "may_pass"),
    [
        (TO, "550 5.1.1 No such user", "recipient_refused", False),
        (TO, "451 4.7.1 Try again later", "recipient_refused", True),
        ("MAIL", "553 5.7.1 Not yours", "sender_refused", False),
        ("MAIL", "452 4.3.1 Too busy", "rejected", True),
        ("DATA", "451 4.3.0 Try again later", "rejected", True),
        ("DATA", "554 5.7.1 Spam", "rejected", False),
    ],
)
def test_refused(post, where, answer, code, may_pass):
    post.answers[where] = answer
    outcome = deliver(MESSAGE, TO, [], post.smtp)
    assert (failed(outcome), is_temporary(outcome)) == ((code, False), may_pass)
    assert answer in outcome.reply
    assert post.received == []


def test_a_refused_copy_does_not_hold_up_the_mail(post):
    post.answers["ken@example.com"] = "550 No such user"
    outcome = deliver(MESSAGE, TO, ["ken@example.com", "mori@example.com"], post.smtp)
    assert outcome == Delivered(("ken@example.com: 550 No such user",))
    assert post.envelopes[0][1] == [TO, "mori@example.com"]


def test_a_refused_recipient_gets_no_copies_sent_either(post):
    post.answers[TO] = "550 No such user"
    assert failed(deliver(MESSAGE, TO, ["ken@example.com"], post.smtp)) == ("recipient_refused", False)
    assert post.received == []


def test_international_address(start):
    message = MESSAGE.replace(b"aiko", "用户".encode())
    able, unable = start(enable_SMTPUTF8=True), start(enable_SMTPUTF8=False)
    assert deliver(message, "用户@example.com", [], able.smtp) == Delivered()
    assert able.received == [message]
    assert failed(deliver(message, "用户@example.com", [], unable.smtp)) == ("needs_smtputf8", False)


def test_lost_after_data(post):
    post.drop_after_data = True
    assert failed(deliver(MESSAGE, TO, [], post.smtp)) == ("lost_connection_after_data", True)


def test_no_answer_after_data(start, monkeypatch):
    post = start("none")
    post.hold = threading.Event()
    monkeypatch.setattr(module, "TIMEOUT_S", 1.0)
    assert failed(deliver(MESSAGE, TO, [], post.smtp)) == ("lost_connection_after_data", True)
    post.hold.set()


@contextmanager
def scripted(answer: Callable[[bytes], bytes | None], greeting: bytes = b"220 hello\r\n"):
    """Settings of a server that answers each line by a function; None ends the connection."""

    def serve() -> None:
        with listener, listener.accept()[0] as client, client.makefile("rb") as lines:
            client.sendall(greeting)
            for line in lines:
                reply = answer(line)
                if reply is None:
                    return
                client.sendall(reply)

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve)
    thread.start()
    yield module.Smtp("127.0.0.1", listener.getsockname()[1], "none", None, None, "desk@example.com")
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("last", "code", "is_unknown"),
    [
        (b"250 2.0.0 taken\r\n", None, False),
        (b"251 taken too\r\n", None, False),
        (b"421 4.3.2 going down\r\n", "rejected", False),
        (b"garbage\r\n", "lost_connection_after_data", True),
        (b"354 what\r\n", "lost_connection_after_data", True),
        (b"2" * 9000 + b"\r\n", "lost_connection_after_data", True),
        (None, "lost_connection_after_data", True),
    ],
)
def test_last_answers(last, code, is_unknown):
    def answer(line: bytes) -> bytes | None:
        if line == b".\r\n":
            return last
        if line.upper().startswith(b"QUIT"):
            return b"599 stay\r\n"
        if line.lower().startswith((b"ehlo", b"mail", b"rcpt")):
            return b"250 fine\r\n"
        return b"354 go on\r\n" if line.lower() == b"data\r\n" else b""

    with scripted(answer) as smtp:
        outcome = deliver(MESSAGE, TO, [], smtp)
    assert (failed(outcome) if code else outcome) == ((code, is_unknown) if code else Delivered())


@pytest.mark.parametrize(("answer", "may_pass"), [(b"454 4.7.0 later", True), (b"535 5.7.8 no", False)])
def test_a_refused_sign_in_may_pass(answer, may_pass):
    def serve(line: bytes) -> bytes:
        if line.lower().startswith(b"ehlo"):
            return b"250-mail\r\n250 AUTH PLAIN\r\n"
        return answer + b"\r\n" if line.lower().startswith(b"auth") else b"221 bye\r\n"

    with scripted(serve) as smtp:
        outcome = deliver(MESSAGE, TO, [], replace(smtp, user="desk", password="x"))
    assert (failed(outcome), is_temporary(outcome)) == (("sign_in_failed", False), may_pass)


@pytest.mark.parametrize("step", [b"ehlo", b"mail", b"rcpt"])
def test_lost_before_data(step):
    with scripted(lambda line: None if line.lower().startswith(step) else b"250 fine\r\n") as smtp:
        outcome = deliver(MESSAGE, TO, [], smtp)
    assert (failed(outcome), is_temporary(outcome)) == (("lost_connection", False), True)


def test_a_refused_data_command_is_a_refusal():
    with scripted(lambda line: b"451 later\r\n" if line.lower().startswith(b"data") else b"250 fine\r\n") as smtp:
        assert failed(deliver(MESSAGE, TO, [], smtp)) == ("rejected", False)


def test_too_slow_before_data(monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT_S", 0.3)
    with scripted(lambda line: b"") as smtp:
        assert failed(deliver(MESSAGE, TO, [], smtp)) == ("timeout", False)


def test_a_server_that_drags_on_gets_no_mail(monkeypatch):
    seen = []

    def answer(line: bytes) -> bytes:
        seen.append(line)
        threading.Event().wait(0.2)
        return b"250 fine\r\n"

    monkeypatch.setattr(module, "BEFORE_DATA_S", 0.5)
    with scripted(answer) as smtp:
        assert failed(deliver(MESSAGE, TO, [], smtp)) == ("timeout", False)
    assert not any(line.lower().startswith(b"data") for line in seen)


def test_a_busy_server_says_so():
    with scripted(lambda line: None, greeting=b"554 no service\r\n") as smtp:
        outcome = deliver(MESSAGE, TO, [], smtp)
    assert (failed(outcome), outcome.concerns_account) == (("turned_away", False), True)
    assert "no service" in outcome.reply


def test_the_servers_words_are_cleaned_of_secrets(post):
    post.answers[TO] = f"550 {post.smtp.password} \x07\x1b[31m AGRlc2sAczNjcmV0IHBhc3M= " + "x" * 400
    reply = deliver(MESSAGE, TO, [], post.smtp).reply
    assert post.smtp.password not in reply
    assert "AGRlc2sAczNjcmV0IHBhc3M=" not in reply
    assert reply.isprintable()
    assert len(reply) <= 300


def test_the_servers_words_cannot_turn_the_line_around_them():
    assert told_at("rcpt", "550 a\u202eb\u2028c".encode()).reply.endswith("550 a b c")


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("ehlo", b"550 5.7.1 Your network is blocked"),
        ("mail", b"530 5.7.0 Sign in first"),
        ("mail", b"550 5.7.60 Not allowed to send as this sender"),
        ("mail", b"451 4.7.0 Too many e-mails today"),
        ("mail", b"552 5.2.2 Mailbox full"),
        ("mail", b"552 5.3.1 Mail system full"),
        ("mail", b"552 Your account is over quota"),
        ("mail", b"452 Insufficient system storage"),
        ("mail", None),
        ("rcpt", b"452 4.3.1 Insufficient system storage"),
        ("data", b"452 4.3.1 Insufficient system storage"),
        ("rcpt", b"530 5.7.0 Sign in first"),
        ("rcpt", b"535 5.7.8 No"),
    ],
)
def test_what_every_mail_would_meet_concerns_the_account(step, answer):
    outcome = told_at(step, answer)
    assert (outcome.concerns_account, outcome.is_unknown) == (True, False)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("mail", b"552 5.3.4 Message too big"),
        ("mail", b"552 5.2.3 Message exceeds maximum fixed size"),
        ("mail", b"554 5.3.4 Message exceeds the quota of 9 bytes"),
        ("mail", b"552 5.0.0 Message too big"),
        ("mail", b"552 Requested mail action aborted: exceeded storage allocation"),
        ("mail", b"523 Message length exceeds administrative limit"),
        ("rcpt", b"552 5.2.2 Mailbox full"),
        ("rcpt", b"452 4.2.2 Mailbox full"),
        ("rcpt", b"452 Too many recipients"),
        ("data", b"552 5.2.2 Mailbox full"),
        ("data", b"552 5.3.4 Message too big"),
        ("rcpt", b"550 5.1.1 No such user"),
        ("rcpt", b"554 5.7.1 Relay access denied"),
        ("rcpt", b"451 4.7.1 Later"),
        ("rcpt", None),
        ("data", b"554 5.7.1 Spam"),
        ("data", None),
    ],
)
def test_what_another_mail_may_not_meet_does_not_concern_the_account(step, answer):
    assert not told_at(step, answer).concerns_account


def test_a_server_that_was_told_no_size_cannot_find_it_too_big():
    aborted = b"552 Requested mail action aborted: exceeded storage allocation"
    assert told_at("mail", aborted, offers=b"250 8BITMIME").concerns_account
    assert not told_at("mail", b"552 5.3.4 Message too big", offers=b"250 8BITMIME").concerns_account


def told_at(step: str, answer: bytes | None, offers: bytes = b"250 SIZE 9") -> Undelivered:
    """What comes of a mail that a server refuses at a step; None: it ends the connection there."""
    begins = (b"ehlo", b"helo") if step == "ehlo" else (step.encode(),)

    def serve(line: bytes) -> bytes | None:
        if line.lower().startswith(begins):
            return answer and answer + b"\r\n"
        return b"250-mail\r\n" + offers + b"\r\n" if line.lower().startswith(b"ehlo") else b"250 fine\r\n"

    with scripted(serve) as smtp:
        return deliver(MESSAGE, TO, [], smtp)


def test_what_is_wrong_before_the_first_word_concerns_the_account(start, post):
    assert deliver(MESSAGE, TO, [], replace(post.smtp, password="wrong")).concerns_account
    assert deliver(MESSAGE, TO, [], replace(post.smtp, certificates=None)).concerns_account
    assert deliver(MESSAGE, TO, [], replace(post.smtp, host="no.invalid")).concerns_account
    assert deliver(MESSAGE, TO, [], replace(post.smtp, sender="nobody")).concerns_account
    assert not deliver(MESSAGE, "用户@example.com", [], start(enable_SMTPUTF8=False).smtp).concerns_account
