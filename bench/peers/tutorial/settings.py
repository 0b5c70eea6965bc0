"""What a team has after following the Channels tutorial: the settings of that project."""

import os
from urllib.parse import parse_qs, unquote, urlsplit

_url = urlsplit(os.environ["DATABASE_URL"])
_query = parse_qs(_url.query)
SECRET_KEY = "bench"  # noqa: S105  a program that lives for seconds
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "channels",
    "bench.peers.tutorial",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "tutorial",
        "USER": _url.username,
        "PASSWORD": unquote(_url.password or ""),
        "HOST": _query["host"][0],
        "PORT": _query["port"][0],
        "CONN_MAX_AGE": None,
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            "hosts": [{"address": os.environ["REDIS_URL"], "socket_timeout": None}],
            "capacity": 20000,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
