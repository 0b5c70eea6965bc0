"""LOGGING_CONFIG: structured logs. Runs before the app registry exists, so it imports no model."""

import logging
from typing import Any

import structlog


def configure(config: dict[str, str]) -> None:
    """One line of JSON per event (or plain text with SUPERAPP_LOG_FORMAT=text)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if config.get("format") == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.get("level", "INFO"))
    for noisy in ("uvicorn.access", "PIL", "asyncio", "django.server"):
        logging.getLogger(noisy).setLevel("WARNING")
    # A traceback a second while Valkey is away; the hub says once that the bus is gone.
    logging.getLogger("channels_redis.pubsub").setLevel("CRITICAL")
