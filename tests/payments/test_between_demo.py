"""The demo people exchange money as everybody does, once."""

import pytest
from django.core.management import call_command

from payments.models import MoneyRequest, RedPacket, Split, Transfer
from payments.queries.people_audit import AUDITS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_demo_people_move_money_once(settings, tmp_path, capsys):
    settings.MEDIA_ROOT = tmp_path
    call_command("demo")
    call_command("demo")
    assert "sam" in capsys.readouterr().out
    packet = RedPacket.objects.get()
    assert (packet.status, packet.claimed, packet.count) == ("open", 3, 6)
    assert sorted(Transfer.objects.values_list("status", flat=True)) == ["accepted", "pending"]
    assert (Split.objects.get().paid, MoneyRequest.objects.get().status) == (2, "open")
    assert [list(audit.faults()) for audit in AUDITS.values()] == [[], []]
