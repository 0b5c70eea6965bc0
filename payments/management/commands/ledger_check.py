"""manage.py ledger_check: are the books right? Exit code 1 when they are not."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments import actions, queries
from payments.gateways import Silent
from payments.ledger import roles


class Command(BaseCommand):
    help = "Check every rule of the books, or print what they are recognised by."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fingerprint",
            action="store_true",
            help="print a hash of everything posted, per currency, and check nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fingerprint"]:
            for currency, content in queries.fingerprints().items():
                self.stdout.write(f"{currency} {content}")
            return
        found = queries.check_books()
        for line in found.lines():
            self.stdout.write(line)
        if roles.is_owner():
            self.stdout.write("note I6   This role could switch the guards off: see docs/deploy.md")
        is_green = self._gateway() and found.is_green
        if not is_green:
            raise CommandError("The books are not right.", returncode=1)

    def _gateway(self) -> bool:
        """Compare with the gateway as well, where there is one."""
        if settings.GATEWAY_CLOSED:
            self.stdout.write("no gateway to compare with")
            return True
        try:
            run = actions.reconcile(days=settings.RECONCILE_DAYS)
        except Silent as silence:
            self.stdout.write(f"FAIL gateway: no answer ({silence})")
            return False
        for item in run.items:
            self.stdout.write(
                f"          {item['bucket']} {item['external_id']} {item['currency']}:"
                f" ours {item['ours']}, theirs {item['theirs']}"
            )
        self.stdout.write(
            f"{'ok  ' if run.green else 'FAIL'} gateway: {run.matched} matched, {run.ours_only} ours only,"
            f" {run.theirs_only} theirs only, {run.differing} differ"
        )
        return run.green
