"""A client for the frame alone. No test here may touch the database: pytest refuses it."""

import re

import pytest
from django.test import Client


@pytest.fixture
def frame(settings):
    settings.ROOT_URLCONF = "tests.shell.urls"
    settings.SANDBOX_CLOCK = False  # it lives in a row
    return Client(raise_request_exception=False)


def attributes(html: str, tag: str) -> list[dict[str, str]]:
    """The attributes of every <tag>, in order; one without a value is ""."""
    found = re.findall(rf"<{tag}(\s[^>]*)?>", html)
    pairs = re.compile(r'([\w-]+)(?:="([^"]*)")?')
    return [dict(pairs.findall(text)) for text in found]


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
