"""People: sign-up, codes, contacts. Times in seconds unless the name says otherwise."""

from superapp.settings import env
from superapp.settings.core import PRODUCTION

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# One-time codes (ACC-01): digits, life, tries, pause before another may be asked for.
CODE_DIGITS = env.number("SUPERAPP_CODE_DIGITS", 6)
CODE_SECONDS = env.number("SUPERAPP_CODE_SECONDS", 300)
CODE_TRIES = env.number("SUPERAPP_CODE_TRIES", 5)
CODE_RESEND_SECONDS = env.number("SUPERAPP_CODE_RESEND_SECONDS", 60)

# Handles (ACC-02) and profiles (ACC-05).
HANDLE_MIN, HANDLE_MAX = 6, 20
HANDLE_CHANGE_DAYS = env.number("SUPERAPP_HANDLE_CHANGE_DAYS", 365)
NAME_MAX = 40
SIGNATURE_MAX = 30
REGION_MAX = 60

# QR login (ACC-03).
QR_LOGIN_SECONDS = env.number("SUPERAPP_QR_LOGIN_SECONDS", 300)

# Friends (ACC-06, 12, 13).
FRIEND_REQUEST_NOTE_MAX = 50
FRIEND_REQUEST_DAYS = env.number("SUPERAPP_FRIEND_REQUEST_DAYS", 3)
FRIEND_REQUESTS_PER_PAIR_PER_DAY = env.number("SUPERAPP_FRIEND_REQUESTS_PER_PAIR", 3)
FRIEND_REQUESTS_PER_DAY = env.number("SUPERAPP_FRIEND_REQUESTS_PER_DAY", 20)
FRIENDS_MAX = env.number("SUPERAPP_FRIENDS_MAX", 5000)
REMARK_MAX = 40
CONTACT_NOTE_MAX = 400
CONTACT_PHONES_MAX = 5
TAG_NAME_MAX = 20
TAGS_MAX = 100
# Look-ups of people by handle or phone, per account and day.
LOOKUPS_PER_DAY = env.number("SUPERAPP_LOOKUPS_PER_DAY", 100)

# Personal access tokens for the API.
TOKENS_MAX = 20
TOKEN_NAME_MAX = 60

# Where one-time codes by SMS go: a dotted path to a callable(phone, text).
SMS_SENDER = env.text(
    "SUPERAPP_SMS_SENDER",
    "accounts.senders.refuse_sms" if PRODUCTION else "accounts.senders.sandbox_sms",
)
EMAIL_BACKEND = env.text(
    "SUPERAPP_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "accounts.senders.SandboxEmail",
)
EMAIL_HOST = env.text("SUPERAPP_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("SUPERAPP_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("SUPERAPP_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("SUPERAPP_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("SUPERAPP_SMTP_TLS")
DEFAULT_FROM_EMAIL = env.text("SUPERAPP_FROM_EMAIL", "Superapp <no-reply@localhost>")
