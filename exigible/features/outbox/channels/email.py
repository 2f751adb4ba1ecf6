"""Hands frozen e-mail bytes to the creditor's SMTP server and reads its answer exactly."""

import smtplib
import ssl
from email import message_from_bytes
from email.utils import getaddresses

from exigible.books.creditors.models import MailServer
from exigible.books.creditors.secrets import decrypt
from exigible.features.outbox.channels.outcome import Outcome, Result
from exigible.features.outbox.models import Message

TIMEOUT_SECONDS = 30
REFUSES_US = frozenset({503, 530, 535, 538})


def connect(server: MailServer) -> smtplib.SMTP:
    """Open a session with the server: TLS as set, then the name and password when there is one."""
    if server.security == "tls":
        session: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        if server.security == "starttls":
            session.starttls(context=ssl.create_default_context())
        if server.username:
            session.login(server.username, decrypt(bytes(server.password_encrypted or b"")))
    except Exception:
        session.close()
        raise
    return session


def hand_over(server: MailServer, recipients: list[str], body: bytes) -> Outcome:
    """Hand bytes over to a server. Only an answer lost after the data were sent is uncertain; before, nothing has left."""
    try:
        session = connect(server)
    except (OSError, smtplib.SMTPException) as fault:
        return Outcome(Result.LATER, _told(fault))
    try:
        session.ehlo_or_helo_if_needed()
        if refused := _announce(session, server.from_address, recipients):
            return refused
        try:
            code, answer = session.data(body)
        except smtplib.SMTPDataError as fault:
            return _judged(fault.smtp_code, fault.smtp_error)
        except (OSError, smtplib.SMTPException) as fault:
            return Outcome(Result.UNCERTAIN, _told(fault))
        return _judged(code, answer)
    except (OSError, smtplib.SMTPException) as fault:
        return Outcome(Result.LATER, _told(fault))
    finally:
        session.close()


def _announce(session: smtplib.SMTP, sender: str, recipients: list[str]) -> Outcome | None:
    """Say who writes to whom. One refused recipient refuses the message: it was written for all of them.

    A server that refuses us (sender, sign-in, relay) says nothing about the recipient's address: it is tried again later.
    """
    code, answer = session.mail(sender)
    if code != 250:
        return _judged(code, answer)._replace(result=Result.LATER)
    for recipient in recipients:
        code, answer = session.rcpt(recipient)
        if code in (250, 251):
            continue
        outcome = _judged(code, answer)
        refuses_us = code in REFUSES_US or b" 5.7." in b" " + answer
        return outcome._replace(result=Result.LATER) if refuses_us else outcome._replace(address=recipient)
    return None


def _judged(code: int, answer: bytes | str) -> Outcome:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    result = Result.ACCEPTED if 200 <= code < 300 else Result.LATER if 400 <= code < 500 else Result.REFUSED
    return Outcome(result, f"{code} {text}"[:300])


def _told(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:300]


def recipients_of(body: bytes) -> list[str]:
    """Return every address that frozen bytes are written for."""
    headers = message_from_bytes(body.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n")
    found = getaddresses([*headers.get_all("To", []), *headers.get_all("Cc", [])])
    return [address for _name, address in found if address]


def send(message: Message, body: bytes) -> Outcome:
    """Send a message's frozen bytes through its creditor's server."""
    server = MailServer.objects.filter(creditor_id=message.creditor_id).first()
    if server is None:
        return Outcome(Result.LATER, "no mail server is set")
    return hand_over(server, recipients_of(body), body)
