"""manage.py ledger_role: what the application's own database role may do. Run it as the owner."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.ledger import roles


class Command(BaseCommand):
    help = "Give SUPERAPP_LEDGER_ROLE its rights; run it as the owner after every migration."

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.LEDGER_ROLE
        if not role:
            self.stdout.write("One role owns and uses the database: nothing to do.")
            return
        if reason := roles.unfit(role):
            raise CommandError(reason)
        roles.limit(role)
        self.stdout.write(f"{role} may run the application and cannot switch its guards off.")
