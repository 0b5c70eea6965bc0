"""manage.py conformance_account: an official account with a program and two followers, for the
programs in tests/wechat/conformance (sandbox only)."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import actions as people
from accounts.actions import Papers
from accounts.models import Account, OfficialAccount, Person


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
    owner = _person(f"Owner {mark}").account
    official = _published(owner, mark)
    secret = people.reset_program_secret(official=official, actor=owner)
    people.set_oauth_domains(official=official, actor=owner, domains=["shop.example.com"])
    first, second = (
        people.follow_official(person=_person(f"{name} {mark}").account, official=official)
        for name in ("Mila", "Juri")
    )
    return {
        "appid": official.appid,
        "secret": secret,
        "token": "conformtoken",
        "openid": first.openid,
        "openid2": second.openid,
    }


def _person(name: str) -> Person:
    return people.enrol_person(
        name=name,
        password=secrets.token_urlsafe(16),
        email=f"{name.lower().replace(' ', '.')}@example.com",
    )


def _published(owner: Account, mark: str) -> OfficialAccount:
    reviewer = people.enrol_staff(
        name=f"Reviewer {mark}",
        email=f"reviewer.{mark}@example.com",
        password=secrets.token_urlsafe(16),
    )
    official = people.apply_official(
        owner=owner, name=f"Conformance {mark}", kind="service", category="other"
    )
    papers = Papers(
        legal_name="Conformance Ltd",
        licence_no=f"C-{mark}",
        contact_name=owner.name,
        contact_phone="+442071838750",
        contact_email="owner@example.com",
        settlement_holder="Conformance Ltd",
        settlement_bank="Test Bank",
        settlement_number="0001",
    )
    people.fill_papers(official=official, actor=owner, papers=papers)
    people.submit_official(official=official, actor=owner)
    return people.approve_official(official=official, staff=reviewer)
