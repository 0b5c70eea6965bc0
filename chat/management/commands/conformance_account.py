"""manage.py conformance_account: an official account with a program and two followers, for the
programs in tests/wechat/conformance (sandbox only)."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import actions as people
from chat.management.driving import enrolled, published


class Command(BaseCommand):
    help = "Make an account for a conformance run and print what the run needs as one JSON object."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("Such accounts are made in the sandbox only (SUPERAPP_SANDBOX=1).")
        with transaction.atomic():
            made = _make()
        self.stdout.write(json.dumps(made))


def _make() -> dict[str, str]:
    mark = secrets.token_hex(4)
    official = published(mark)
    owner = official.owner
    secret = people.reset_program_secret(official=official, actor=owner)
    people.set_oauth_domains(official=official, actor=owner, domains=["shop.example.com"])
    first, second = (
        people.follow_official(person=enrolled(f"{name} {mark}"), official=official)
        for name in ("Mila", "Juri")
    )
    return {
        "appid": official.appid,
        "secret": secret,
        "token": "conformtoken",
        "openid": first.openid,
        "openid2": second.openid,
    }
