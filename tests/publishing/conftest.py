import io

import pytest
from PIL import Image

from accounts import actions
from accounts.actions import publishing
from tests.official.businesses import hire
from tests.official.conftest import clinic, lin, mei, noodles, regular, root  # noqa: F401


@pytest.fixture
def wei(bob, mei, noodles):
    """Bob writes for the restaurant, as its operator."""
    hire(noodles, mei, bob, "operator")
    return bob


def photo(color="teal"):
    out = io.BytesIO()
    Image.new("RGB", (80, 60), color).save(out, "PNG")
    return out.getvalue()


def manuscript(title="Hand-pulled since 1987", **more):
    more = {"blocks": [{"kind": "text", "text": "Flour, water and patience."}], **more}
    return publishing.Manuscript(title=title, **more)


def write(official, actor, title="Hand-pulled since 1987", **more):
    """A draft."""
    return publishing.write_article(
        official=official, actor=actor, manuscript=manuscript(title, **more)
    )


def print_article(official, actor, title="Hand-pulled since 1987", **more):
    """A published article."""
    article = write(official, actor, title, **more)
    return publishing.publish_article(official=official, actor=actor, article_id=article.public_id)


@pytest.fixture
def article(noodles, mei):
    return print_article(noodles, mei)


def follow(official, *people):
    for person in people:
        actions.follow_official(person=person, official=official)
