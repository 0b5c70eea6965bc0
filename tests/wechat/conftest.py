"""A shop with a program, and Bob who follows it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import actions
from chat import actions as chats
from tests.official.businesses import make_reviewer, publish
from tests.wechat import bots


class Program:
    """What a bot knows: its appid and secret, and a token once it has asked for one."""

    def __init__(self, client, official, secret):
        self.client, self.official, self.secret = client, official, secret
        self.token = ""

    def ask(self, method, path, body=None, **query):
        """One call with the token; the JSON that comes back."""
        if self.token:
            query.setdefault("access_token", self.token)
        address = f"/cgi-bin/{path}"
        if method == "GET":
            answer = self.client.get(address, query)
        else:
            text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
            answer = self.client.generic("POST", f"{address}?{_joined(query)}", text)
        assert answer.status_code == 200
        return json.loads(answer.content)

    def fetch(self, **more):
        given = {
            "grant_type": "client_credential",
            "appid": self.official.appid,
            "secret": self.secret,
            **more,
        }
        return self.ask("GET", "token", **given, access_token="")

    def upload(self, data, name="a.bin", *, path="media/upload", **query):
        """Send a file as clients do; the JSON that comes back."""
        query.setdefault("access_token", self.token)
        file = SimpleUploadedFile(name, data, content_type="application/octet-stream")
        answer = self.client.post(f"/cgi-bin/{path}?{_joined(query)}", {"media": file})
        assert answer.status_code == 200
        return json.loads(answer.content)

    def download(self, media_id):
        return self.client.get(
            "/cgi-bin/media/get", {"access_token": self.token, "media_id": media_id}
        )

    def code(self, method, path, body=None, **query):
        return self.ask(method, path, body, **query).get("errcode", 0)


def _joined(query):
    return "&".join(f"{name}={value}" for name, value in query.items())


@pytest.fixture
def root(db):
    return make_reviewer()


@pytest.fixture
def shop(alice, root):
    return publish(alice, "Alice's Tea", root)


@pytest.fixture
def program(client, alice, shop):
    secret = actions.reset_program_secret(official=shop, actor=alice)
    program = Program(client, shop, secret)
    program.token = program.fetch()["access_token"]
    return program


@pytest.fixture
def bobs(bob, shop):
    """Bob as the shop knows him."""
    return actions.follow_official(person=bob, official=shop)


@pytest.fixture
def bot(settings):
    settings.PUSH_SECONDS = 0.3
    bot = bots.Bot()
    yield bot
    bot.close()


@pytest.fixture
def served(alice, shop, bot):
    """The shop with a program that listens."""
    actions.save_callback(official=shop, actor=alice, url=bot.url, token=bots.TOKEN)
    return shop


@pytest.fixture
def thread(bob, shop, bobs):
    return chats.open_service(viewer=bob, official=shop)
