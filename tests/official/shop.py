"""A shop with one of everything, for those who walk every address."""

import io

from accounts import actions, queries
from accounts.actions import publishing
from chat import actions as chat
from chat import queries as chats
from tests.chat.conftest import say
from tests.official.businesses import publish
from tests.publishing.conftest import print_article


def filled_shop(alice, bob, root, photo):
    """The ids of her shop and of what belongs to it."""
    shop = publish(alice, "Alice's Tea", root)
    buttons = [{"type": "click", "name": "Today", "key": "TODAY"}]
    actions.save_menu_draft(official=shop, actor=alice, buttons=buttons)
    actions.publish_menu(official=shop, actor=alice)
    follow = actions.follow_official(person=bob, official=shop)
    tag = actions.make_tag(official=shop, actor=alice, name="Regulars")
    scene = actions.make_poster_code(official=shop, actor=alice, place="Window")
    rule = actions.add_auto_reply(
        official=shop, actor=alice, trigger="any", replies=[{"text": "Thanks"}]
    )
    actions.reset_program_secret(official=shop, actor=alice)
    actions.set_oauth_domains(official=shop, actor=alice, domains=["shop.example.com"])
    medium = actions.upload_media(
        official=shop, kind="image", content=io.BytesIO(photo), size=len(photo)
    )
    invitation = actions.invite_staff(official=shop, actor=alice, role="agent")
    thread = chats.direct_with(bob, shop.account)
    picture = chat.upload(owner=bob, kind="image", content=io.BytesIO(photo), size=len(photo))
    sent = say(bob, thread, "", kind="image", attachment_id=picture.public_id)
    published = _published(alice, bob, shop, photo)
    names = ("official", "official-code", "follow", "unfollow", "press", "location", *_OWNED)
    places = [f"{app}:{name}" for app in ("accounts", "people-api") for name in names]
    assert queries.menu_of(shop)
    return {
        **published,
        **{f"{place}:account_id": shop.account.public_id for place in places},
        "ticket": scene.ticket,
        "appid": shop.appid,
        "media_id": medium.media_id,
        "openid": follow.openid,
        "number": tag.number,
        "reply_id": rule.public_id,
        "accounts:official-join:token": invitation.token,
        "chat:menu:conversation_id": thread.public_id,
        **{
            f"service:{page}:{name}": value
            for page in ("account", "thread", "file")
            for name, value in (
                ("account_id", shop.account.public_id),
                ("conversation_id", thread.public_id),
                ("attachment_id", sent.body["attachment"]),
            )
        },
    }


def _published(alice, bob, shop, photo):
    """An article that Bob commented, a page, a picture and a link."""
    place = {"official": shop, "actor": alice}
    picture = publishing.add_picture(**place, picture=photo, name="Tins")
    article = print_article(shop, alice, "Spring teas")
    comment = publishing.comment_article(reader=bob, article_id=article.public_id, text="Lovely")
    page = publishing.make_page(
        **place, title="Menu", slug="menu", blocks=[{"kind": "text", "text": "Green tea"}]
    )
    publishing.publish_page(**place, page_id=page.public_id)
    message = publishing.Message(text="Spring is here")
    broadcast = publishing.compose_broadcast(**place, message=message)
    link = publishing.link_to(official=shop, ref=article.public_id, url="https://example.com/")
    return {
        "article_id": article.public_id,
        "comment_id": comment.public_id,
        "broadcast_id": broadcast.public_id,
        "people-api:own-article-step:step": "withdraw",
        "people-api:broadcast-step:step": "submit",
        "picture_id": picture.public_id,
        "page_id": page.public_id,
        "slug": "menu",
        "card": "article",
        "ref": article.public_id,
        "accounts:link:token": link.removeprefix("/l/").removesuffix("/"),
    }


_READ = ("article", "article-like", "article-comment", "article-uncomment", "official-page")
_OWNED = (
    *_READ,
    *("articles", "article-comments", "received", "own-articles", "own-article"),
    *("own-article-step", "broadcasts", "broadcast", "broadcast-step", "figures"),
    *("followers", "follower", "follower-tags", "follower-tag"),
    *("menu", "menu-publish", "auto-replies", "auto-reply", "program-secret"),
    *("program-callback", "program-pushes"),
)
