"""Where letters go: an SMTP server, a gateway of the operator's, or a page of the sandbox."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.actions.codes import keep_sandbox_letter
from accounts.errors import SmsRefused


class SandboxEmail(BaseEmailBackend):
    """EMAIL_BACKEND outside production: letters are shown on /sandbox/inbox/."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for to in message.recipients():
                keep_sandbox_letter(
                    to=to.lower(),
                    subject=str(message.subject),
                    body=str(message.body),
                    files=_files(message),
                )
        return len(email_messages)


def _files(message: EmailMessage) -> list[tuple[str, bytes, str]]:
    """What is attached; Django holds texts as str."""
    return [
        (str(name), data.encode() if isinstance(data, str) else data, str(kind))
        for name, data, kind in message.attachments
    ]


def sandbox_sms(phone: str, text: str) -> None:
    """SMS_SENDER outside production."""
    keep_sandbox_letter(to=phone, subject="", body=text)


def refuse_sms(phone: str, text: str) -> None:
    """SMS_SENDER until the operator names a gateway: the job fails loudly and is kept."""
    raise SmsRefused
