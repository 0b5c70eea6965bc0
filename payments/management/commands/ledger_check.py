"""manage.py ledger_check: are the books right? Exit code 1 when they are not."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments import queries


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
            for currency, found in queries.fingerprints().items():
                self.stdout.write(f"{currency} {found}")
            return
        found = queries.check_books()
        for line in found.lines():
            self.stdout.write(line)
        if not found.is_green:
            raise CommandError("The books are not right.", returncode=1)
