"""Scenarios of what Carol's shop publishes; Bob follows it, Dora works there."""

from accounts import actions as people
from accounts.actions import publishing
from chat import actions
from superapp.kernel import outbox
from tests.official.businesses import hire, make_reviewer, publish
from tests.publishing.casting import agree, compose
from tests.publishing.conftest import print_article, write


def _shop(w):
    shop = publish(w.carol, "Carol's Tea", make_reviewer())
    people.follow_official(person=w.bob, official=shop)
    hire(shop, w.carol, w.dora, "operator")
    return shop


def send_broadcast(w):
    shop = _shop(w)
    article = print_article(shop, w.carol, "Spring teas")
    broadcast = compose(shop, w.carol, articles=[article.public_id])
    agree(shop, broadcast, w.carol, w.dora)
    yield
    publishing.send_broadcast(broadcast_id=broadcast.pk)
    outbox.run_due(outbox.DEFAULT, limit=10)


def recall_broadcast(w):
    shop = _shop(w)
    broadcast = compose(shop, w.carol, "Spring teas")
    agree(shop, broadcast, w.carol, w.dora)
    outbox.run_due(outbox.DEFAULT, limit=10)
    yield
    publishing.recall_broadcast(official=shop, actor=w.carol, broadcast_id=broadcast.public_id)
    outbox.run_due(outbox.DEFAULT, limit=10)


def preview_article(w):
    shop = _shop(w)
    people.set_handle(account=w.bob, handle="bob-tea")
    article = write(shop, w.carol, "Spring teas")
    yield
    publishing.preview_article(
        official=shop, actor=w.carol, article_id=article.public_id, handles=["bob-tea"]
    )


def preview_broadcast(w):
    shop = _shop(w)
    people.set_handle(account=w.bob, handle="bob-tea")
    broadcast = compose(shop, w.carol, "Spring teas")
    yield
    publishing.preview_broadcast(
        official=shop, actor=w.carol, broadcast_id=broadcast.public_id, handles=["bob-tea"]
    )


def _shared(w):
    shop = _shop(w)
    article = print_article(shop, w.carol, "Spring teas")
    card = {"card": "article", "ref": article.public_id}
    place = {"author": w.alice, "conversation_id": w.room.public_id}
    return shop, article, {**place, **card, "client_id": "share-1"}


def withdraw_article(w):
    shop, article, sharing = _shared(w)
    actions.share_card(**sharing)
    yield
    publishing.withdraw_article(official=shop, actor=w.carol, article_id=article.public_id)


def share_card(w):
    _shop_of_carol, _article, sharing = _shared(w)
    yield
    actions.share_card(**sharing)


PUBLISHING = {
    steps.__name__: steps
    for steps in (
        send_broadcast,
        recall_broadcast,
        preview_article,
        preview_broadcast,
        withdraw_article,
    )
}
CHAT = {"share_card": share_card}
_STAFF = "shown to staff, by the business console that asks at every request"
_READER = "read by whoever opens the page; it comes with the page"
_PART = "part of other actions"
SILENT = {
    **dict.fromkeys(
        (
            *("add_picture", "write_article", "change_article", "copy_article", "publish_article"),
            *("select_comment", "hide_comment", "reply_to_comment"),
            *("make_page", "change_page", "publish_page", "withdraw_page"),
            *("compose_broadcast", "change_broadcast", "submit_broadcast", "approve_broadcast"),
            *("return_broadcast", "cancel_broadcast"),
        ),
        _STAFF,
    ),
    **dict.fromkeys(
        ("like_article", "unlike_article", "comment_article", "delete_comment", "read_article"),
        _READER,
    ),
    **dict.fromkeys(
        (
            *("checked_blocks", "clean_words", "clean_address", "is_page", "blocks_of_html"),
            *("manuscript_of", "today_of", "link_to", "read_link"),
        ),
        "computes",
    ),
    **dict.fromkeys(
        ("count", "count_once", "count_received", "count_click", "count_share"),
        "figures, which the console reads",
    ),
    "send_previews": _PART,
    "close_days": "housekeeping of figures",
    "on_official_events": "a port: figures",
    "on_broadcast_due": "a job: see send_broadcast",
    "on_review_over": "a job: shown to staff",
    "on_tell": "a job: see send_broadcast",
}
