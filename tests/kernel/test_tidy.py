"""Hourly housekeeping."""

from datetime import timedelta

from django.contrib.sessions.models import Session

from chat import actions
from superapp.kernel import outbox, tasks, time
from superapp.kernel.models import IdempotencyKey


def test_housekeeping_forgets_old_keys_and_ended_sessions_alone(db, settings):
    old = time.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS + 1)
    for key, created_at in (("old", old), ("new", time.now())):
        IdempotencyKey.objects.create(owner="1", key=key, created_at=created_at)
    for key, ends_at in (("ended", old), ("open", time.now() + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends_at)
    tasks.tidy()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


def test_housekeeping_asks_the_apps_above(db, monkeypatch):
    heard = []
    assert actions.forget_unsent_uploads in outbox.tidying._handlers
    monkeypatch.setattr(outbox.tidying, "_handlers", [lambda: heard.append("tidied")])
    tasks.tidy()
    assert heard == ["tidied"]
