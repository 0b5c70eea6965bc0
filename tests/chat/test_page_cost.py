"""What whole pages ask the database: the same for somebody new and for somebody with years of chats."""

import pytest
from django.db import connection

from chat.models import Conversation, Membership
from tests import cast

_MESSAGES = """
INSERT INTO chat_message (conversation_id, seq, author_id, client_id, kind, text, body, sent_at,
                          change, search)
SELECT c.id, n, %(author)s, c.id || '-' || n, 'text', 'Message ' || n, '{}', now(), 0, ''
FROM chat_conversation c CROSS JOIN generate_series(1, %(count)s) AS n
WHERE c.id = ANY(%(chats)s)
"""


@pytest.fixture
def fill(alice, bob):
    """Give Alice so many group chats with Bob, the first one with so many messages of his."""

    def filled(chats: int, messages: int) -> Conversation:
        cast.make_person("Dora")
        made = Conversation.objects.bulk_create(
            Conversation(kind="group", title=f"Chat {n}", members_count=2) for n in range(chats)
        )
        Membership.objects.bulk_create(
            Membership(conversation=chat, account=one) for chat in made for one in (alice, bob)
        )
        with connection.cursor() as cursor:
            for few, count in ((made[:1], messages), (made[1:], 1)):
                values = {"chats": [c.pk for c in few], "author": bob.pk, "count": count}
                cursor.execute(_MESSAGES, values)
                Conversation.objects.filter(pk__in=values["chats"]).update(last_seq=count)
            cursor.execute("ANALYZE chat_message")
        return made[0]

    return filled


SIZES = [(1, 1), (3, 3), (500, 10_000)]


@pytest.mark.parametrize(("chats", "messages"), SIZES)
def test_the_list(client, alice, fill, chats, messages, django_assert_num_queries):
    fill(chats, messages)
    client.force_login(alice.person)
    client.get("/chats/")  # the first visit notes the device
    with django_assert_num_queries(12):
        page = client.get("/chats/")
    assert page.content.count(b"conv-row") == min(chats, 30)


@pytest.mark.parametrize(("chats", "messages"), SIZES)
def test_a_thread_that_was_read(client, alice, fill, chats, messages, django_assert_num_queries):
    room = fill(chats, messages)
    client.force_login(alice.person)
    client.get(f"/chats/{room.public_id}/")
    with django_assert_num_queries(16):
        page = client.get(f"/chats/{room.public_id}/")
    assert f'id="m{messages}"'.encode() in page.content


@pytest.mark.parametrize(("chats", "messages"), SIZES)
def test_a_thread_with_news(client, alice, fill, chats, messages, django_assert_num_queries):
    """Moving the read mark comes on top."""
    room = fill(chats, messages)
    client.force_login(alice.person)
    client.get("/chats/")
    with django_assert_num_queries(21):
        client.get(f"/chats/{room.public_id}/")
    assert Membership.objects.get(conversation=room, account=alice).read_seq == messages
