"""Watching the product: request ids, structured logs without personal data, health, metrics."""

import ipaddress
import os
import secrets
import time
from collections.abc import Callable
from hmac import compare_digest

import structlog
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from redis.exceptions import RedisError

from superapp.kernel import outbox

REQUESTS = Counter("superapp_requests", "Requests answered", ["method", "view", "status"])
SECONDS = Histogram("superapp_request_seconds", "Time to answer", ["view"])
SOCKETS = Gauge("superapp_sockets", "Open sockets", multiprocess_mode="livesum")
SOCKETS_DROPPED = Counter("superapp_sockets_dropped", "Sockets closed by us", ["code"])
MESSAGES = Counter("superapp_messages", "Messages stored")
BATCH = Histogram("superapp_batch_messages", "Messages per commit", buckets=[1, 2, 5, 10, 50, 200])
JOBS_LATE = Gauge(
    "superapp_jobs_late_seconds",
    "Age of the oldest overdue job",
    multiprocess_mode="mostrecent",
)

log = structlog.get_logger("superapp.request")
_migrated = False


class RequestMiddleware:
    """Gives each request an id, one log line and its metrics. No address, no query, no names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        taken = time.perf_counter() - started
        view = request.resolver_match.view_name if request.resolver_match else ""
        REQUESTS.labels(request.method, view, response.status_code).inc()
        SECONDS.labels(view).observe(taken)
        response["X-Request-ID"] = request_id
        if view not in {"healthz", "readyz", "metrics"}:
            log.info(
                "request",
                method=request.method,
                view=view or "unknown",
                status=response.status_code,
                ms=round(taken * 1000, 1),
            )
        return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """This process can do its work: database, Valkey and migrations; 503 otherwise."""
    checks = {"database": _database(), "valkey": _valkey()}
    checks["migrations"] = (checks["database"] == "ok" and _migrations()) or "unknown"
    late = round(outbox.oldest_due_seconds(), 1) if checks["migrations"] == "ok" else None
    is_ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse({**checks, "jobs_late_seconds": late}, status=200 if is_ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"


def _valkey() -> str:
    try:
        caches["default"]._cache.get_client().ping()  # type: ignore[attr-defined]
    except (RedisError, OSError):
        return "away"
    return "ok"


def _migrations() -> str:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _migrated else "pending"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for the bearer of METRICS_TOKEN or, without one, for loopback only."""
    if not _may_read_metrics(request):
        return HttpResponse(status=404)
    JOBS_LATE.set(outbox.oldest_due_seconds())
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """All workers of a gunicorn (ops/gunicorn.py names their common folder), or this process."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
