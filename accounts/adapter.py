"""How django-allauth reaches our actions: it owns the steps of signing in, we own what they do."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.stages import EmailVerificationStage
from allauth.core.exceptions import RateLimited
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actions, guards, queries
from accounts.errors import AddressTaken
from accounts.forms import PhoneField
from accounts.models import Person
from superapp.kernel.errors import TooMany

_MISMATCH = gettext_lazy("That address and password do not belong together.")
_TOO_MANY = gettext_lazy("Too many tries. Wait a little and try again.")


class CodeTooSoon(TooMany, RateLimited):
    """allauth's own "ask again" shows it as a notice; anywhere else it is a 429."""


class EmailStage(EmailVerificationStage):
    """Asks for the code sent by e-mail, of those who came with an e-mail address."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        login = self.login
        if login.email and "@" not in login.email:
            login.email = None  # signed in by a code sent to their phone
        if login.user and not login.user.email:
            return None, True
        assert login.email_verification == EmailVerificationMethod.MANDATORY
        return super().handle()  # type: ignore[no-any-return]


class AccountAdapter(DefaultAccountAdapter):
    # One text whether the address is unknown or the password wrong, and for both kinds of address.
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _MISMATCH,
        "phone_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": gettext_lazy("You can ask for another code in a minute."),
    }

    # ------------------------------------------------------------------------------- signing up

    def save_user(
        self,
        request: HttpRequest,
        user: Any,
        form: BaseForm,
        commit: Any = True,  # noqa: FBT002  allauth's
    ) -> Person:
        data = form.cleaned_data
        return actions.register_person(
            name=data["name"],
            password=data["password1"],
            email=data.get("email") or "",
            phone=data.get("phone") or "",
        )

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.account.stages.EmailVerificationStage": "accounts.adapter.EmailStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    # ------------------------------------------------------------------------------- signing in

    def get_client_ip(self, request: HttpRequest) -> str:
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:  # a Unix socket has no address: all such callers share one count
            return "0.0.0.0"  # noqa: S104  a name, not something to listen on

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            actions.count_password_try(login=_login_of(credentials), ip=self.get_client_ip(request))
        except TooMany:
            raise self.validation_error("too_many_login_attempts") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            actions.forgive_password_tries(login=_login_of(credentials))
        return user

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        # A code that went to the phone proves it; sign-ups by phone need no second one.
        if kwargs["email"] and kwargs["email"] == user.phone and not user.phone_verified_at:
            actions.prove_phone(person=user, phone=user.phone)
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        if not kwargs["signup"] and not guards.is_known_device(request, user):
            actions.greet_device(person=user, device=guards.device_of(request))
        guards.remember_device(request, user, response)
        return response  # type: ignore[no-any-return]

    def logout(self, request: HttpRequest) -> None:
        person, key = request.user, request.session.session_key
        super().logout(request)
        if isinstance(person, Person) and key:
            actions.forget_session(person=person, session_key=key)

    def set_password(self, user: Any, password: str) -> None:
        is_self = self.request.user.pk == user.pk
        keep = (self.request.session.session_key or "") if is_self else ""
        actions.set_password(person=user, password=password, keep=keep)

    # ---------------------------------------------------------------------------- codes, letters

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every letter of allauth. `email` is a phone number where that is what was typed."""
        kind = template_prefix.rpartition("/")[2]
        if kind in _COUNTED and getattr(self.request, "counted_address", "") != email:
            self.count_code(email)
        if "@" not in email:
            self._text(email, kind, context)
            return
        context = {"email": email, "minutes": settings.CODE_SECONDS // 60, **context}
        letter = self.render_mail(template_prefix, email, context)
        actions.send_email(to=email, subject=str(letter.subject), body=str(letter.body))

    def count_code(self, address: str) -> None:
        """One more code for an address; raises CodeTooSoon. Once per request."""
        try:
            actions.count_code_sent(to=address)
        except TooMany as refusal:
            raise CodeTooSoon(retry_after=refusal.retry_after) from None
        self.request.counted_address = address

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        self.send_mail("account/email/login_code", phone, {"code": code})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        self.send_mail("account/email/unknown_account", phone, {})

    def send_account_already_exists_sms(self, phone: str) -> None:
        self.send_mail("account/email/account_already_exists", phone, {})

    def _text(self, phone: str, kind: str, context: dict[str, Any]) -> None:
        minutes = settings.CODE_SECONDS // 60
        if kind == "unknown_account":
            text = _(
                "Somebody tried to sign in to Superapp with this number. It has no account there."
            )
        elif kind == "account_already_exists":
            text = _("You already have a Superapp account with this number. Sign in instead.")
        else:
            text = _(
                "%(code)s is your Superapp code, good for %(minutes)s minutes. Tell it to nobody."
            ) % {"code": context["code"], "minutes": minutes}
        actions.send_text(phone=phone, text=text)

    # --------------------------------------------------------------------------- phone numbers

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: Any) -> None:
        if verified:
            actions.prove_phone(person=user, phone=phone)
        else:
            actions.set_unproved_phone(person=user, phone=phone)

    def set_phone_verified(self, user: Any, phone: str) -> None:
        try:
            actions.prove_phone(person=user, phone=phone)
        except AddressTaken:  # somebody proved it between the code and now
            raise self.validation_error("phone_taken") from None

    def get_user_by_phone(self, phone: str) -> Person | None:
        return queries.login_by_phone(phone)


_COUNTED = {
    *("login_code", "password_reset_code", "email_confirmation", "email_confirmation_signup"),
    *("unknown_account", "account_already_exists"),
}


def _login_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("phone") or "")


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted with keys made from SECRET_KEY."""

    def get_totp_label(self, user: Any) -> str:
        return user.email or user.phone or str(user)

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = map(str, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])
    digests = (hashlib.sha256(b"accounts.mfa:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class Backend(AuthenticationBackend):
    """allauth's checks of passwords and codes; the person of a session comes with their account."""

    def get_user(self, user_id: Any) -> Person | None:
        person = queries.signed_in_person(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
