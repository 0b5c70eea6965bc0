"""allauth's sign-in page with what else leads in: a code on a phone, and the demo world."""

from dataclasses import dataclass
from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from accounts import queries


@dataclass(frozen=True)
class Stranger:
    """How an account looks before the door: letters, for pictures are shown to the signed in."""

    pk: int
    public_id: str
    name: str
    avatar_url: str = ""


class SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.SANDBOX:
            accounts = [person.account for person in queries.demo_people()]
            context["demo_people"] = [Stranger(a.pk, a.public_id, a.name) for a in accounts]
            context["demo_password"] = settings.DEMO_PASSWORD
        context["next"] = self.get_next_url() or ""
        return context
