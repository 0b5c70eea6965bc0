"""manage.py demo: a world to try the product in. Idempotent; everything goes through the actions."""

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import actions as people
from accounts import ports
from accounts import queries as known
from accounts.models import Account
from chat import actions, queries
from chat.management import story
from chat.management.businesses import open_businesses
from chat.management.story import Say, Talk, Who
from chat.models import Conversation
from superapp.kernel import push, time

PICTURES = Path(__file__).parent.parent / "demo"


class Command(BaseCommand):
    help = "Make the demo world (once) and print its logins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("The demo world exists only in the sandbox (SUPERAPP_SANDBOX=1).")
        with _said_at_once():
            if not known.demo_people():
                with transaction.atomic():  # all of it, or a next try begins anew
                    World().make()
            with transaction.atomic():
                _open_businesses()
            ports.demo_made([person.account for person in known.demo_people()])
        self.stdout.write(
            f"Demo logins (password: {settings.DEMO_PASSWORD},"
            f" to pay: {settings.DEMO_PAYMENT_PASSWORD})"
        )
        for person in known.demo_people():
            if not person.is_staff:
                self.stdout.write(f"  {person.email:<28} {person.account.name}")
        self.stdout.write(f"  {_address('root'):<28} staff, for /admin/")


class _Gathered:
    """Keeps what is said for later."""

    def __init__(self) -> None:
        self.items: list[push.Item] = []

    def speak(self, items: Sequence[push.Item]) -> None:
        self.items.extend(items)


@contextlib.contextmanager
def _said_at_once() -> Iterator[None]:
    """Tell open browsers everything in one publication: hundreds of them cost seconds."""
    gathered = _Gathered()
    before = push.set_speaker(gathered)
    try:
        yield
    finally:
        push.set_speaker(before)
        push.send(gathered.items)


class World:
    """Makes the people, their ties, and their talks, in that order."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.now = time.now()
        self._ids = itertools.count(1)

    def make(self) -> None:
        with time.pretend(self.now - timedelta(days=30)):
            for who in story.PEOPLE:
                self.accounts[who.key] = _enrol(who)
            people.enrol_staff(name="Root", email=_address("root"), password=settings.DEMO_PASSWORD)
            for one, other in story.FRIENDS:
                people.befriend(
                    asker=self.accounts[one], accepter=self.accounts[other], source="handle"
                )
            actions.make_sticker_pack(pack="hello", pictures=_stickers())
        for talk in sorted(story.TALKS, key=lambda talk: -talk.lines[-1].ago):
            self._talk(talk)
        self._finish()

    def _talk(self, talk: Talk) -> None:
        with time.pretend(self._ago(talk.lines[0].ago + 30)):
            chat = self._open(talk)
        seqs: list[int] = []
        for line in talk.lines:
            with time.pretend(self._ago(line.ago)):
                seqs.append(self._say(chat, line, seqs))
        if talk.announcement:
            with time.pretend(self._ago(talk.lines[-1].ago + 20)):
                actions.announce(
                    actor=self.accounts[talk.people[0]],
                    conversation_id=chat.public_id,
                    text=talk.announcement,
                )
        for reader in talk.readers:
            actions.mark_read(
                account_id=self.accounts[reader].pk, conversation_id=chat.public_id, seq=10**6
            )

    def _open(self, talk: Talk) -> Conversation:
        first, *others = (self.accounts[key] for key in talk.people)
        if not talk.title:
            return actions.open_direct(viewer=first, other=others[0])
        friends = [other for other in others if known.are_friends(first, other)]
        group = actions.create_group(owner=first, members=friends, title=talk.title)
        code = actions.renew_group_qr(actor=first, conversation_id=group.public_id).qr_token or ""
        for stranger in set(others) - set(friends):
            actions.join_by_qr(account=stranger, token=code)
        return group

    def _say(self, chat: Conversation, line: Say, seqs: list[int]) -> int:
        author = self.accounts[line.who]
        kind, body, attachment = self._body(author, line)
        message = actions.send_message(
            author=author,
            conversation_id=chat.public_id,
            client_id=f"demo-{next(self._ids)}",
            kind=kind,
            text=line.text,
            body=body,
            attachment_id=attachment,
            quote_seq=seqs[-line.quote] if line.quote else None,
            mentions=[self.accounts[key].public_id for key in line.mentions],
        )
        for who, emoji in line.reactions:
            actions.add_reaction(
                actor=self.accounts[who],
                conversation_id=chat.public_id,
                seq=message.seq,
                emoji=emoji,
            )
        if line.is_recalled:
            actions.recall_message(actor=author, conversation_id=chat.public_id, seq=message.seq)
        return message.seq

    def _body(self, author: Account, line: Say) -> tuple[str, dict[str, Any], str]:
        if line.picture:
            path = PICTURES / line.picture
            with path.open("rb") as file:
                kept = actions.upload(
                    owner=author,
                    kind="image",
                    content=file,
                    size=path.stat().st_size,
                    name=line.picture,
                )
            return "image", {}, kept.public_id
        if line.place:
            latitude, longitude, name = line.place
            return "location", {"lat": latitude, "lng": longitude, "name": name}, ""
        if line.contact:
            card = {"card": "contact", "ref": self.accounts[line.contact].public_id}
            return "card", card, ""
        return "text", {}, ""

    def _finish(self) -> None:
        """What is the people's own: drafts, pins, tags, remarks, and what waits for an answer."""
        who, other, text = story.DRAFT
        actions.save_draft(
            viewer=self.accounts[who], conversation_id=self._direct(who, other), text=text
        )
        for act, (who, title) in (
            (actions.mute_chat, story.MUTED),
            (actions.pin_chat, story.PINNED),
        ):
            act(viewer=self.accounts[who], conversation_id=self._group(who, title))
        for who, tags in story.TAGS.items():
            for name, keys in tags.items():
                tag = people.create_tag(owner=self.accounts[who], name=name)
                people.set_tag_members(
                    owner=self.accounts[who],
                    tag_id=tag.public_id,
                    account_ids=[self.accounts[key].public_id for key in keys],
                )
        self._ask_and_greet()
        who, other, text, minutes = story.SCHEDULED
        actions.schedule_message(
            author=self.accounts[who],
            conversation_id=self._direct(who, other),
            text=text,
            due_at=time.now() + timedelta(minutes=minutes),
        )

    def _ask_and_greet(self) -> None:
        sender, receiver, note = story.REQUEST
        people.ask_friend(
            sender=self.accounts[sender],
            receiver_id=self.accounts[receiver].public_id,
            way=known.way_to(self.accounts[sender], self.accounts[receiver], "handle"),
            wish=people.Wish(note=note),
        )
        line = story.GREETING
        with time.pretend(self._ago(line.ago)):
            chat = actions.open_direct(viewer=self.accounts[line.who], other=self.accounts["sam"])
            self._say(chat, line, [])

    def _direct(self, one: str, other: str) -> str:
        found = queries.direct_with(self.accounts[one], self.accounts[other])
        assert found is not None
        return found.public_id

    def _group(self, viewer: str, title: str) -> str:
        (seat,) = queries.conversations_matching(self.accounts[viewer], title)
        return seat.conversation.public_id

    def _ago(self, minutes: float) -> Any:
        return self.now - timedelta(minutes=minutes)


def _open_businesses() -> None:
    """Also in a world that was made before there were any."""
    found = {person.email or "": person for person in known.demo_people()}
    accounts = {
        who.key: found[_address(who.key)].account
        for who in story.PEOPLE
        if _address(who.key) in found
    }
    reviewer = found.get(_address("root"))
    if reviewer is not None and len(accounts) == len(story.PEOPLE):
        open_businesses(accounts, reviewer)


def _address(key: str) -> str:
    return f"{key}@{settings.DEMO_DOMAIN}"


def _enrol(who: Who) -> Account:
    person = people.enrol_person(
        name=who.name,
        password=settings.DEMO_PASSWORD,
        email=_address(who.key),
        language=who.language,
    )
    account = person.account
    people.set_handle(account=account, handle=who.handle)
    people.set_language(account=account, language=who.language, time_zone=who.zone)
    people.set_avatar(account=account, picture=(PICTURES / f"{who.key}.webp").read_bytes())
    people.edit_profile(
        account=account,
        name=who.name,
        gender="",
        region=who.region,
        signature=who.signature,
    )
    return account


def _stickers() -> list[tuple[str, bytes]]:
    return [
        (path.stem.partition("-")[2], path.read_bytes())
        for path in sorted(PICTURES.glob("sticker-*.webp"))
    ]
