"""People: sign-up, codes, contacts. Times in seconds unless the name says otherwise."""

from superapp.settings import env
from superapp.settings.core import PRODUCTION

AUTHENTICATION_BACKENDS = ["accounts.adapter.Backend"]

# One-time codes (ACC-01): digits, life, tries, pause before another may be asked for.
CODE_DIGITS = env.number("SUPERAPP_CODE_DIGITS", 6)
CODE_SECONDS = env.number("SUPERAPP_CODE_SECONDS", 300)
CODE_TRIES = env.number("SUPERAPP_CODE_TRIES", 5)
CODE_RESEND_SECONDS = env.number("SUPERAPP_CODE_RESEND_SECONDS", 60)
# Codes one address may be sent in a day: five tries each are then no way in.
CODES_PER_DAY = env.number("SUPERAPP_CODES_PER_DAY", 20)
# Wrong passwords for one address, and for one network address, within the window.
PASSWORD_TRIES = env.number("SUPERAPP_PASSWORD_TRIES", 10)
PASSWORD_TRIES_PER_IP = env.number("SUPERAPP_PASSWORD_TRIES_PER_IP", 100)
PASSWORD_TRIES_SECONDS = env.number("SUPERAPP_PASSWORD_TRIES_SECONDS", 600)
# A sign-up that never proves its address is forgotten after this.
UNPROVED_SECONDS = env.number("SUPERAPP_UNPROVED_SECONDS", 24 * 3600)
# Where a phone number without a country code is dialled from (ISO 3166).
PHONE_REGION = env.text("SUPERAPP_PHONE_REGION", "CN")
# Reverse proxies of ours in front; without one X-Forwarded-For is not believed.
PROXIES = env.number("SUPERAPP_PROXIES", 0)

# Handles (ACC-02) and profiles (ACC-05).
HANDLE_MIN, HANDLE_MAX = 6, 20
HANDLE_CHANGE_DAYS = env.number("SUPERAPP_HANDLE_CHANGE_DAYS", 365)
NAME_MAX = 40
SIGNATURE_MAX = 30
REGION_MAX = 60
# Nobody may be called this; names of pages and of the house itself.
HANDLES_RESERVED = frozenset(
    {
        *("account", "accounts", "administrator", "anonymous", "contact", "contacts", "customer"),
        *("discover", "everyone", "helpdesk", "moderator", "moments", "nobody", "official"),
        *("operator", "payment", "payments", "postmaster", "security", "service", "services"),
        *("settings", "superapp", "support", "system", "undefined", "wallet", "webmaster"),
    }
)
AVATAR_SIDE = 512
COVER_SIDE = 1600
AVATAR_UPLOAD_MAX = env.number("SUPERAPP_AVATAR_UPLOAD_MAX", 10 * 1024 * 1024)

# QR login (ACC-03).
QR_LOGIN_SECONDS = env.number("SUPERAPP_QR_LOGIN_SECONDS", 300)

# Friends (ACC-06, 12, 13).
FRIEND_REQUEST_NOTE_MAX = 50
FRIEND_REQUEST_DAYS = env.number("SUPERAPP_FRIEND_REQUEST_DAYS", 3)
FRIEND_REQUESTS_PER_PAIR_PER_DAY = env.number("SUPERAPP_FRIEND_REQUESTS_PER_PAIR", 3)
FRIEND_REQUESTS_PER_DAY = env.number("SUPERAPP_FRIEND_REQUESTS_PER_DAY", 20)
FRIENDS_MAX = env.number("SUPERAPP_FRIENDS_MAX", 5000)
# How long a look-up, a card or a group entitles to ask somebody.
WAY_SECONDS = env.number("SUPERAPP_WAY_SECONDS", 24 * 3600)
CONTACTS_PAGE = env.number("SUPERAPP_CONTACTS_PAGE", 500)
REQUESTS_PAGE = 50
REMARK_MAX = 40
CONTACT_NOTE_MAX = 400
CONTACT_PHONES_MAX = 5
TAG_NAME_MAX = 20
TAGS_MAX = 100
# Look-ups of people by handle or phone, per account and day.
LOOKUPS_PER_DAY = env.number("SUPERAPP_LOOKUPS_PER_DAY", 100)

# Sessions: how often "last seen" is written, and how long a browser stays a known device.
SEEN_EVERY_SECONDS = env.number("SUPERAPP_SEEN_EVERY_SECONDS", 300)
KNOWN_DEVICE_SECONDS = env.number("SUPERAPP_KNOWN_DEVICE_SECONDS", 365 * 24 * 3600)

# Everybody in the demo world signs in with it; shown on the sign-in page, in the sandbox only.
DEMO_PASSWORD = env.text("SUPERAPP_DEMO_PASSWORD", "demo-password-1")
DEMO_DOMAIN = env.text("SUPERAPP_DEMO_DOMAIN", "demo.example")

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
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "accounts.senders.SandboxEmail",
)
EMAIL_HOST = env.text("SUPERAPP_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("SUPERAPP_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("SUPERAPP_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("SUPERAPP_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("SUPERAPP_SMTP_TLS")
DEFAULT_FROM_EMAIL = env.text("SUPERAPP_FROM_EMAIL", "Superapp <no-reply@localhost>")

# ----------------------------------------------------------------------- django-allauth

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": CODE_DIGITS}
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# The form has one field for both (accounts.forms.SignupForm); these say which proofs exist.
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmResetCodeForm",
    "verify_phone": "accounts.forms.VerifyPhoneForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = CODES_PER_DAY
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = CODE_SECONDS
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = CODES_PER_DAY
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = CODES_PER_DAY
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Soft limits in the cache; what must hold is counted in rows (accounts.actions.codes).
ACCOUNT_RATE_LIMITS = {
    "confirm_email": None,
    "verify_phone": None,
    "login_failed": None,
    "request_login_code": "20/m/ip",
}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Superapp"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
