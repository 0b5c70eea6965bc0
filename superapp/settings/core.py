"""Django itself: apps, middleware, database, cache, sessions, languages."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from superapp.settings import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("SUPERAPP_VAR", str(BASE_DIR / "var")))

# "development" (default), "test" or "production". Production refuses every unsafe default.
ENVIRONMENT = env.text("SUPERAPP_ENV", "development")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("SUPERAPP_DEBUG")
# The demo world: a sandbox inbox for codes, printed logins, a clock that can be moved.
SANDBOX = env.flag("SUPERAPP_SANDBOX", default=not PRODUCTION)

_UNSAFE_SECRET = "unsafe-development-secret-that-production-refuses-to-start-with"  # noqa: S105
SECRET_KEY = env.text("SUPERAPP_SECRET_KEY", _UNSAFE_SECRET)
if PRODUCTION and (SECRET_KEY == _UNSAFE_SECRET or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("Set SUPERAPP_SECRET_KEY to at least 50 random characters.")

ALLOWED_HOSTS = env.words("SUPERAPP_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("SUPERAPP_HOSTS may not be *: any site could open our sockets.")
# The address people use, for links in messages and QR codes. Empty: taken from the request.
PUBLIC_ORIGIN = env.text("SUPERAPP_ORIGIN")
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN] if PUBLIC_ORIGIN else []

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "superapp.kernel",
    "accounts",
    "chat",
    "payments",
    "moments",
    "services",
]

MIDDLEWARE = [
    "superapp.kernel.ops.RequestMiddleware",
    "superapp.kernel.pages.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "superapp.kernel.pages.static_files.static_files",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.guards.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "superapp.kernel.pages.RefusalMiddleware",
]

# Garbage collection: new objects between two looks at the young ones, and the requests after which
# a process declares everything it holds permanent.
GC_NEW_OBJECTS = env.number("SUPERAPP_GC_NEW_OBJECTS", 20_000)
GC_SETTLE_AFTER = {2, 20, 200}

ROOT_URLCONF = "superapp.urls"
ASGI_APPLICATION = "superapp.asgi.application"
WSGI_APPLICATION = "superapp.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "superapp.kernel.pages.shell",
                "accounts.guards.sandbox",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.templatetags.cache",
                "superapp.kernel.templatetags.shell",
            ],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", "postgresql://superapp@127.0.0.1/superapp")}
# A pool per process: under ASGI each request runs in a thread of its own, which would otherwise
# open a connection and throw it away. Tests use single connections. 0: no pool.
_POOL = env.number("SUPERAPP_DB_POOL", 0 if ENVIRONMENT == "test" else 40)
# Without a pool: seconds a connection is kept, checked before reuse so that a restarted server is
# not an error.
DATABASES["default"]["CONN_MAX_AGE"] = 0 if _POOL else env.number("SUPERAPP_DB_MAX_AGE", 300)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": env.number("SUPERAPP_DB_CONNECT_TIMEOUT", 2),
    "options": f"-c statement_timeout={env.number('SUPERAPP_DB_STATEMENT_MS', 15000)}",
    **DATABASES["default"]["OPTIONS"],  # type: ignore[dict-item]
}
if _POOL:
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 0,
        "max_size": _POOL,
        "timeout": env.number("SUPERAPP_DB_POOL_TIMEOUT", 5),
        "max_idle": 120,
    }
DATABASES["default"]["TEST"] = {"NAME": env.text("SUPERAPP_TEST_DB", "test_superapp")}

REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "superapp.kernel.limits.ForgivingCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1.0, "socket_connect_timeout": 0.5},
    },
    # {% cache None … using="process" %}: parts of pages that only the language changes.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 has a 5 s socket timeout by default, which would drop an idle subscription.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
    }
}

# Sessions are rows: losing Valkey signs nobody out, and a revoked session is gone at once.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.number("SUPERAPP_SESSION_SECONDS", 30 * 24 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION

AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = env.text("SUPERAPP_LANGUAGE", "en")
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
# The zone shown to people who have not chosen one.
HOME_TIME_ZONE = env.text("SUPERAPP_TIME_ZONE", "Asia/Shanghai")
HOME_CURRENCY = env.text("SUPERAPP_CURRENCY", "CNY")

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.text("SUPERAPP_MEDIA", str(VAR_DIR / "media")))
# With nginx in front, private files leave by X-Accel-Redirect from this location.
MEDIA_ACCEL = env.text("SUPERAPP_MEDIA_ACCEL")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "superapp.kernel.pages.assets.HashedFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Outside production files are served from static/ itself, with no collectstatic step.
SERVESTATIC_USE_FINDERS = SERVESTATIC_AUTOREFRESH = not PRODUCTION
