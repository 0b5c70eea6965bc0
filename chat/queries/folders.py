"""The folders on top of the list of chats: greetings, and subscriptions."""

from dataclasses import dataclass

from django.db import connection

from accounts.models import Account
from chat.queries.inbox import FOLDERS, IS_NEWS, LISTED, SEATS


def greetings_waiting(viewer: Account) -> int:
    """How many people have greeted and wait for an answer."""
    return folders_waiting(viewer).greetings


@dataclass(frozen=True, slots=True)
class Folders:
    """What the folders on top of the list hold."""

    greetings: int
    subscriptions: int
    has_news: bool


def folders_waiting(viewer: Account) -> Folders:
    """How many greetings wait, how many subscriptions there are, and whether one of them said
    something that was not read; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*) FILTER (WHERE c.greeter_id <> s.account_id),
                   count(*) FILTER (WHERE s.is_subscription),
                   coalesce(bool_or({IS_NEWS})
                            FILTER (WHERE s.is_subscription AND NOT s.is_muted), false)
            FROM {SEATS}
            WHERE s.account_id = %(viewer)s
              AND (c.greeter_id <> s.account_id OR ({LISTED} AND {FOLDERS["subscriptions"]}))
            """,  # noqa: S608  fixed fragments
            {"viewer": viewer.pk},
        )
        return Folders(*cursor.fetchone())
