"""./dev bench pages: server time of the list with 500 chats and of a thread with 10,000 messages.

In process, without a network, beside the smallest page that needs a session: what a page costs
above that is its own. Prints the median of 30, in milliseconds, and the ratio.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ["DJANGO_SETTINGS_MODULE"] = "superapp.settings"
os.environ["SUPERAPP_LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.conf import settings  # noqa: E402  Django must be set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Account, Person  # noqa: E402
from chat.models import Conversation, Membership  # noqa: E402

CHATS, MESSAGES, TURNS = 500, 10_000, 30


def main() -> int:
    call_command("migrate", verbosity=0)
    reader, long = _world()
    client = Client()
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    pages: list[tuple[str, Callable[[], object]]] = [
        ("settings page (baseline)", lambda: client.get("/settings/appearance/")),
        (f"list of {CHATS} chats", lambda: client.get("/chats/")),
        (f"thread of {MESSAGES:,} messages", lambda: client.get(f"/chats/{long}/")),
        ("30 rows in its middle, as HTML", lambda: client.get(f"/chats/{long}/rows/?at=5000")),
        ("search of two Chinese characters", lambda: client.get("/chats/search/?q=爸爸")),
        ("the list over the API", lambda: client.get("/api/v1/conversations/")),
    ]
    baseline = 0.0
    for title, page in pages:
        for _warm in range(3):
            page()
        median = statistics.median(_timed(page) for _ in range(TURNS)) * 1000
        baseline = baseline or median
        sys.stdout.write(f"{title:<36} {median:6.1f} ms   {median / baseline:5.2f} x\n")
    return 0


def _timed(page: Callable[[], object]) -> float:
    began = time.perf_counter()
    page()
    return time.perf_counter() - began


def _world() -> tuple[Person, str]:
    """Somebody with many chats, one of them long. Straight into the tables: it is only to be read."""
    me, other = Account.objects.create(name="Reader"), Account.objects.create(name="Writer")
    person = Person.objects.create(account=me, email="reader@example.com")
    Person.objects.create(account=other, email="writer@example.com")
    chats = Conversation.objects.bulk_create(
        Conversation(kind="group", title=f"Chat {n}", members_count=2) for n in range(CHATS)
    )
    Membership.objects.bulk_create(
        Membership(conversation=chat, account=one) for chat in chats for one in (me, other)
    )
    with connection.cursor() as cursor:
        for chat, count in [(chats[0], MESSAGES), *((chat, 3) for chat in chats[1:])]:
            cursor.execute(
                """
                INSERT INTO chat_message (conversation_id, seq, author_id, client_id, kind, text,
                                          body, sent_at, change, search)
                SELECT %(chat)s, n, %(author)s, %(chat)s || '-' || n, 'text', '今天爸爸做饭 ' || n,
                       '{}', now(), 0,
                       array_to_tsvector(ARRAY['今天', '天爸', '爸爸', '爸做', '做饭', n::text])
                FROM generate_series(1, %(count)s) AS n
                """,
                {"chat": chat.pk, "author": other.pk, "count": count},
            )
            Conversation.objects.filter(pk=chat.pk).update(last_seq=count)
        cursor.execute("ANALYZE")
    return person, chats[0].public_id


if __name__ == "__main__":
    sys.exit(main())
