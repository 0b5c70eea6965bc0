"""Devices of the tests."""

from django.contrib.sessions.backends.db import SessionStore

from accounts import actions

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def sign_in(account, *, agent=CHROME, ip="127.0.0.1") -> str:
    store = SessionStore()
    store.create()
    assert store.session_key
    actions.note_activity(
        person=account.person, session_key=store.session_key, ip=ip, user_agent=agent
    )
    return store.session_key
