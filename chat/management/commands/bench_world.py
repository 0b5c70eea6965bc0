"""manage.py bench_world: people, pairs and groups for load programs, one JSON line per user."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from chat.actions.worlds import make_bench_world


class Command(BaseCommand):
    help = "Seed people for load programs and print one credential per user as JSON lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--users", type=int, default=200)
        parser.add_argument("--groups", type=int, default=4)
        parser.add_argument("--size", type=int, default=50)

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_bench_world(
            users=options["users"], groups=options["groups"], size=options["size"]
        )
        for credential in made:
            self.stdout.write(json.dumps(asdict(credential)))
