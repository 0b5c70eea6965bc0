"""Tables, pairs and groups of the tutorial-style app, in a database of its own."""

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.tutorial.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from bench.peers.tutorial.models import Conversation, Member  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
rooms: dict[str, list[int]] = json.load(sys.stdin)
made = Conversation.objects.bulk_create(Conversation(name=name) for name in rooms)
Member.objects.bulk_create(
    Member(conversation=one, user=user) for one in made for user in rooms[one.name]
)
