"""Structured logs: one event a line, with the ids of the rows it is about, and never a secret."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.types import EventDict, Processor

from core.settings import settings

_SECRET = re.compile(r"secret|password|token|api_key|authorization|encryption_key|signature", re.IGNORECASE)
_IN_TEXT = re.compile(r"whsec_[\w+/=-]+|yq_[\w-]{8,}|(?<=://)[^/@\s]+:[^/@\s]+(?=@)")


def redact(_: Any, __: str, event: EventDict) -> EventDict:
    """Blank values whose key names a secret, and anything in a text that looks like one of ours."""
    for key, value in event.items():
        if _SECRET.search(key):
            event[key] = "[redacted]"
        elif isinstance(value, str):
            event[key] = _IN_TEXT.sub("[redacted]", value)
    return event


def configure(service: str | None = None) -> None:
    """Set structlog and the standard library's logging to one form, on standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if settings().log_format == "json":
        final += [structlog.processors.format_exc_info, redact]
        final.append(structlog.processors.JSONRenderer(ensure_ascii=False))
    else:
        # the default formatter draws local variables, and those may be secrets
        plain = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
        final += [redact, plain]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=final, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings().log_level.upper())
    for noisy in ("httpx", "httpcore", "celery.app.trace", "kombu", "jieba", "aiosmtplib", "alembic.runtime.migration"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if service:
        structlog.contextvars.bind_contextvars(service=service)
