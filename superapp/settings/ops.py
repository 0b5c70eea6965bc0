"""Processes: Celery, logs, metrics."""

from celery.schedules import crontab

from superapp.settings import env
from superapp.settings.core import REDIS_URL, SANDBOX
from superapp.settings.ledger import LEDGER_CHECK_SECONDS
from superapp.settings.payments import RECONCILE_HOUR, RECONCILE_SECONDS

_BROKER = "redis+socket://" + REDIS_URL.removeprefix("unix://")
CELERY_BROKER_URL = _BROKER if REDIS_URL.startswith("unix://") else REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A publish that finds Valkey gone gives up at once: the sweep will find the row.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 0.5, "visibility_timeout": 3600}
# Seconds between sweeps of rows that are due.
SWEEP_SECONDS = env.seconds("SUPERAPP_SWEEP_SECONDS", 3.0)
SWEEP_BATCH = env.number("SUPERAPP_SWEEP_BATCH", 100)
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "superapp.kernel.tasks.sweep", "schedule": SWEEP_SECONDS},
    "tidy": {"task": "superapp.kernel.tasks.tidy", "schedule": 3600.0},
    "books": {"task": "payments.tasks.check_books", "schedule": float(LEDGER_CHECK_SECONDS)},
    "gateway": {"task": "payments.tasks.reconcile", "schedule": float(RECONCILE_SECONDS)},
    "gateway-nightly": {
        "task": "payments.tasks.reconcile_days",
        "schedule": crontab(hour=RECONCILE_HOUR, minute=20),
    },
}

# The clock of the sandbox may be moved (by staff and by tests) only where this is on.
SANDBOX_CLOCK = SANDBOX and env.flag("SUPERAPP_SANDBOX_CLOCK", default=True)

# /metrics answers only to this bearer token; empty: only to loopback addresses.
METRICS_TOKEN = env.text("SUPERAPP_METRICS_TOKEN")
LOG_LEVEL = env.text("SUPERAPP_LOG_LEVEL", "INFO")
LOG_FORMAT = env.text("SUPERAPP_LOG_FORMAT", "json")
LOGGING_CONFIG = "superapp.settings.logs.configure"
LOGGING = {"level": LOG_LEVEL, "format": LOG_FORMAT}
