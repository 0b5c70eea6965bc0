"""What the tests of pages share."""

import io
import re

from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import actions, queries
from accounts.actions import Wish


def signed_in(account):
    client = Client()
    client.force_login(account.person)
    return client


def at(name, *args):
    return reverse(f"accounts:{name}", args=args)


def words(response):
    text = re.sub(r"<(script|template|dialog).*?</\1>|<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    out.seek(0)
    out.name = "my photo.png"
    return out


def ask(sender, receiver, note="hi"):
    way = queries.way_to(sender, receiver, "qr")
    wish = Wish(note=note)
    return actions.ask_friend(
        sender=sender, receiver_id=receiver.public_id, way=way, wish=wish
    ).request
