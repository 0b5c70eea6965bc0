"""Programs that speak to the API."""

from django.test import Client

from accounts import actions


class Caller:
    """Speaks JSON to /api/v1/ as somebody, with a token."""

    def __init__(self, account):
        _row, self.secret = actions.create_token(person=account.person, name="test")
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def __call__(self, method, path, data=None, **headers):
        return getattr(self.client, method)(
            f"/api/v1/{path}", data, content_type="application/json", headers=headers
        )

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query)
