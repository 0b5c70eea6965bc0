"""A small world in which everybody stands in another relation to the same things.

Alice owns them. Bob is in her group, Dora was removed from it, Finn is her friend and not in it,
Carol is a stranger, Root is staff. Whatever an address names belongs to Alice, but for the
invitation, which is Finn's.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, get_resolver
from PIL import Image

from accounts import actions as people
from accounts import queries
from accounts.actions import Wish
from chat import actions
from chat.models import LinkPreview
from superapp.kernel import media, time
from superapp.kernel.ids import new_id
from tests import cast
from tests.chat.conftest import say
from tests.official.shop import filled_shop
from tests.payments.between import filled_between
from tests.payments.saving import filled_saving
from tests.payments.wallets import filled_purse

VISITORS = ("anonymous", "stranger", "friend", "member", "removed", "owner", "staff")
# Parts of addresses that name no object.
WORDS = {
    "what": "title",
    "chat:add:what": "location",
    "mark": "star",
    "emoji": "👍",
    "pk": "1",
    "path": "0",
    "object_id": "0",
    "kind": "doc",
    "content_type_id": "0",
    "app_label": "auth",
    "url": "nowhere",
    "slug": "menu",
    "card": "article",
    "step": "publish",
}


@dataclass(frozen=True)
class Route:
    """One address of the product. `key` is its name, or its pattern where it has none."""

    key: str
    pattern: str
    callback: object

    @property
    def arguments(self):
        return re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)

    def at(self, ids):
        """The address with these ids; an id may be given for one route alone ("route:argument")."""
        regex = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", self.pattern).replace("^", "").rstrip("$")
        return "/" + re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda found: str(ids.get(f"{self.key}:{found[1]}", ids.get(found[1]))),
            regex,
        )


def routes():
    """Every address, as the resolver knows them."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, prefix, namespace):
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else pattern
            yield Route(name, pattern, entry.callback)
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, pattern, inner)


@dataclass
class World:
    accounts: dict
    group: object
    ids: dict = field(default_factory=dict)
    clients: dict = field(default_factory=dict)
    tokens: dict = field(default_factory=dict)

    def missing(self):
        """The same kinds of ids, of things that do not exist."""
        named = {
            "seq": 10**9,
            "number": 10**8,
            "ticket": "t" * 43,
            "openid": "o" + "0" * 27,
            "token": "t" * 43,
            "session_id": "ses_" + "0" * 24,
        }
        return {
            name: value
            if (key := name.rpartition(":")[2]) in WORDS
            else named.get(key) or new_id(str(value).partition("_")[0])
            for name, value in self.ids.items()
        }


def ask(client, method, address, body=None, **headers):
    """(status, headers, body) of one request that leaves the browser as it was."""
    kept = client.cookies.copy()
    answer = client.generic(method, address, *_encoded(body), **headers)
    said = b"".join(answer.streaming_content) if answer.streaming else answer.content
    client.cookies = kept
    return answer.status_code, answer.headers, said


def _encoded(body):
    if isinstance(body, dict):
        return encode_multipart(BOUNDARY, body), MULTIPART_CONTENT
    return (body or b"", "application/json")


def make(settings):
    accounts = {name: cast.make_person(person) for name, person in _NAMES.items()}
    root = accounts["staff"].person
    root.is_staff = root.is_superuser = True
    root.save()
    alice = accounts["owner"]
    for friend in ("member", "friend", "removed"):
        cast.make_friends(alice, accounts[friend])
    group = actions.create_group(
        owner=alice, members=[accounts["member"], accounts["removed"]], title="Supper club"
    )
    world = World(accounts, group)
    world.ids = {
        **WORDS,
        **_said(world),
        **_around(world, settings),
        **_about(alice),
        **filled_purse(alice),
        **filled_shop(alice, accounts["member"], root, photo().getvalue()),
        **filled_between(alice, accounts["friend"], accounts["member"], group),
        **filled_saving(alice),
    }
    for visitor in VISITORS:
        _open_door(world, visitor)
    (device,) = queries.devices_of(alice.person)
    world.ids["session_id"] = device.id
    return world


_NAMES = {
    "owner": "Alice",
    "member": "Bob",
    "removed": "Dora",
    "friend": "Finn",
    "stranger": "Carol",
    "staff": "Root",
}


def photo():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out


def _said(world):
    """What was said in the group while Dora was in it, and what Alice keeps of it."""
    alice, group = world.accounts["owner"], world.group
    place = {"conversation_id": group.public_id}
    text = say(alice, group, "bring plates")
    data = photo()
    picture = actions.upload(
        owner=alice, kind="image", content=io.BytesIO(data.getvalue()), size=len(data.getvalue())
    )
    shown = say(alice, group, "", kind="image", attachment_id=picture.public_id)
    merged = actions.forward_merged(
        actor=alice,
        source_id=group.public_id,
        seqs=[text.seq, shown.seq],
        target_id=group.public_id,
        client_id="merged",
    )
    export = actions.export_chat(viewer=alice, **place)
    actions.build_export(export_id=export.pk)
    preview = LinkPreview.objects.create(
        url="https://example.com/",
        digest="d",
        title="Example",
        image=media.store(data.getvalue(), "image/png"),
        fetched_at=time.now(),
        is_ok=True,
    )
    later = time.now() + timedelta(hours=1)
    waiting = actions.schedule_message(author=alice, text="later", due_at=later, **place)
    sticker = actions.keep_sticker(owner=alice, seq=shown.seq, **place)
    kept = actions.keep_message(owner=alice, seq=text.seq, **place)
    return {
        **place,
        "seq": text.seq,
        "chat:merged:seq": merged.seq,
        "attachment_id": picture.public_id,
        "export_id": export.public_id,
        "chat:preview:file_id": preview.image.public_id,
        "scheduled_id": waiting.public_id,
        "sticker_id": sticker.public_id,
        "favourite_id": kept.public_id,
    }


def _around(world, settings):
    """The ways into the group; afterwards Dora is out, and more is said."""
    alice, group = world.accounts["owner"], world.group
    lead = {"actor": alice, "conversation_id": group.public_id}
    eve, grace = cast.make_person("Eve"), cast.make_person("Grace")
    cast.make_friends(world.accounts["member"], eve)
    cast.make_friends(alice, grace)
    actions.set_group_picture(**lead, picture=photo().getvalue())
    actions.ask_approval(**lead)
    (asked,) = actions.add_people(**lead | {"actor": world.accounts["member"]}, people=[eve])
    actions.waive_approval(**lead)
    settings.GROUP_INSTANT_MAX = 0
    (invited,) = actions.add_people(**lead, people=[world.accounts["friend"]])
    settings.GROUP_INSTANT_MAX = 40
    token = actions.renew_group_qr(**lead).qr_token
    actions.remove_member(**lead, member=world.accounts["removed"])
    say(alice, group, "Dora is gone")
    return {
        "chat:join:token": token,
        "join_id": invited.public_id,
        "chat-api:join-request:join_id": asked.public_id,
    }


def _about(alice):
    """What Alice keeps about people and herself."""
    people.set_avatar(account=alice, picture=photo().getvalue())
    tag = people.create_tag(owner=alice, name="Neighbours")
    token, _secret = people.create_token(person=alice.person, name="script")
    harry = cast.make_person("Harry")
    asked = people.ask_friend(
        sender=harry,
        receiver_id=alice.public_id,
        way=queries.way_to(harry, alice, "qr"),
        wish=Wish(note="hi"),
    ).request
    waiting, _claim = people.start_qr_login(device="Firefox", place="here", ip="192.0.2.1")
    return {
        "account_id": alice.public_id,
        "tag_id": tag.public_id,
        "token_id": token.public_id,
        "request_id": asked.public_id,
        "accounts:picture:file_id": alice.avatar.public_id,
        "accounts:shared-picture:file_id": alice.avatar.public_id,
        "seal": queries.shared_picture(alice).split("/")[-2],
        "accounts:card:token": alice.person.qr_token,
        "token": waiting.token,
    }


def _open_door(world, visitor):
    client = world.clients[visitor] = Client(raise_request_exception=False)
    if visitor == "anonymous":
        return
    person = world.accounts[visitor].person
    client.force_login(person)
    client.get("/settings/")  # the session is noted as used once, so that refusals write nothing
    _token, world.tokens[visitor] = people.create_token(person=person, name="matrix")
