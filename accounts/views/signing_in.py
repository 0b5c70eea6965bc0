"""allauth's sign-in page with what else leads in: a code on a phone, and the demo world."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from accounts import queries


class SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.SANDBOX:
            context["demo_people"] = queries.demo_people()
            context["demo_password"] = settings.DEMO_PASSWORD
        context["next"] = self.get_next_url() or ""
        return context
