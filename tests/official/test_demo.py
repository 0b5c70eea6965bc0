"""The businesses of the demo world."""

import pytest
from django.core.management import call_command

from accounts import queries
from accounts.models import Follow, OfficialAccount
from chat.models import Message


@pytest.mark.django_db
def test_three_businesses_stand_once_however_often_it_is_made(capsys):
    for _ in range(2):
        call_command("demo")
        found = [o.name for o in queries.directory()]
        assert found == ["Dr Lin Clinic", "Leaf & Kettle Tea", "Mei Noodles 梅家面馆"]
        assert Follow.objects.filter(is_following=True).count() == 12
    for official in OfficialAccount.objects.all():
        assert queries.menu_of(official)["button"]
        assert Message.objects.filter(author=official.account).count() >= 3
        assert queries.publishing.published_articles(official).count() == 1
        (sent,) = official.broadcasts.all()
        assert (sent.status, sent.sent_to) == ("sent", sent.total)
