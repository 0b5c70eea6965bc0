import pytest

from accounts import actions
from tests import cast
from tests.official import businesses


@pytest.fixture
def root(db):
    return businesses.make_reviewer()


@pytest.fixture
def mei(db):
    return cast.make_person("Mei")


@pytest.fixture
def lin(db):
    return cast.make_person("Lin")


@pytest.fixture
def noodles(mei, root):
    """Mei's restaurant: a published service account."""
    return businesses.publish(mei, "Mei Noodles", root)


@pytest.fixture
def clinic(lin, root):
    """Lin's clinic, another business."""
    return businesses.publish(lin, "Dr Lin's Clinic", root, category="health")


@pytest.fixture
def regular(alice, noodles):
    """Alice as the restaurant knows her."""
    return actions.follow_official(person=alice, official=noodles, source="search")
