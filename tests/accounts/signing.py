"""What the tests of signing in share."""

import re

from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.models import Person, SandboxLetter
from superapp.kernel import outbox
from superapp.kernel.models import Tally

PASSWORD = "correct horse battery"
MAIL, PHONE = "eve@example.com", "+8613800138000"


def letters(to):
    outbox.run_due(outbox.DELIVERIES, limit=20)
    return [letter.body for letter in SandboxLetter.objects.filter(to=to).order_by("pk")]


def code_in(letter):
    return re.search(r"\b\d{6}\b", letter).group()


def forget_pause():
    Tally.objects.filter(key__startswith="code-pause").delete()


def post(client, name, data, **kwargs):
    return client.post(reverse(name), data, **kwargs)


def who(client):
    key = client.cookies.get("sessionid")
    session = Session.objects.filter(pk=key.value).first() if key else None
    person_id = session and session.get_decoded().get("_auth_user_id")
    return person_id and Person.objects.get(pk=person_id)


def errors(response):
    return [str(e) for errors in response.context["form"].errors.values() for e in errors]
