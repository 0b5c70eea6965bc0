"""One-time codes and the letters that carry them; strict counts of every try.

The counts live in rows (kernel.limits.count): forty parallel tries are forty, and neither a lost
Valkey nor another X-Forwarded-For starts them again. Call them outside a transaction.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.models import SandboxAttachment, SandboxLetter
from superapp.kernel import limits, outbox, time


def send_email(*, to: str, subject: str, body: str) -> None:
    """Put a letter into the outbox. It costs the same time whoever it is for."""
    outbox.soon("accounts.email", {"to": to, "subject": subject, "body": body})


def send_text(*, phone: str, text: str) -> None:
    """Put a text message into the outbox."""
    outbox.soon("accounts.text", {"to": phone, "text": text})


def on_email(payload: Mapping[str, Any]) -> None:
    """The job that sends an e-mail."""
    EmailMessage(payload["subject"], payload["body"], to=[payload["to"]]).send()


def on_text(payload: Mapping[str, Any]) -> None:
    """The job that sends an SMS."""
    module, _dot, name = settings.SMS_SENDER.rpartition(".")
    getattr(import_module(module), name)(payload["to"], payload["text"])


def mail_file(
    *, to: str, subject: str, body: str, name: str, data: bytes, content_type: str
) -> None:
    """Send a file at once: from inside a job that makes it, so that no file waits in a payload."""
    message = EmailMessage(subject, body, to=[to])
    message.attach(name, data, content_type)
    message.send()


def keep_sandbox_letter(
    *, to: str, subject: str, body: str, files: Iterable[tuple[str, bytes, str]] = ()
) -> None:
    """Show a letter on /sandbox/inbox/ instead of sending it; `files`: name, data, content type."""
    letter = SandboxLetter.objects.create(
        to=to, subject=subject[:200], body=body, sent_at=time.now()
    )
    SandboxAttachment.objects.bulk_create(
        SandboxAttachment(letter=letter, name=name[:100], content_type=kind[:60], data=data)
        for name, data, kind in files
    )


def count_code_sent(*, to: str) -> None:
    """One more code for an address. Raises TooMany: one a minute, CODES_PER_DAY a day."""
    who = _digest(to)
    pause = timedelta(seconds=settings.CODE_RESEND_SECONDS)
    limits.count(f"code-pause:{who}", limit=1, window=pause)
    limits.count(f"code-day:{who}", limit=settings.CODES_PER_DAY, window=timedelta(days=1))


def count_code_try(*, attempt: str) -> None:
    """One more guess at a code; `attempt` names the session and the code. Raises TooMany."""
    limits.count(
        f"code-try:{_digest(attempt)}",
        limit=settings.CODE_TRIES,
        window=timedelta(seconds=settings.CODE_SECONDS),
    )


def count_second_factor_try(*, person_id: int) -> None:
    """One more guess at a second factor. Raises TooMany."""
    limits.count(
        f"second-factor:{person_id}",
        limit=settings.PASSWORD_TRIES,
        window=timedelta(seconds=settings.PASSWORD_TRIES_SECONDS),
    )


def forgive_second_factor_tries(*, person_id: int) -> None:
    """The right code was shown."""
    limits.forgive(f"second-factor:{person_id}")


def count_password_try(*, login: str, ip: str) -> None:
    """One more password for an address, from a network address. Raises TooMany.

    Unknown addresses are counted like known ones: being refused tells nothing.
    """
    window = timedelta(seconds=settings.PASSWORD_TRIES_SECONDS)
    limits.count(f"password-ip:{ip}", limit=settings.PASSWORD_TRIES_PER_IP, window=window)
    limits.count(f"password:{_digest(login)}", limit=settings.PASSWORD_TRIES, window=window)


def forgive_password_tries(*, login: str) -> None:
    """The right password was given. What the network address tried stays counted."""
    limits.forgive(f"password:{_digest(login)}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()[:32]
