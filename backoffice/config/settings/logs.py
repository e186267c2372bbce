"""Structured logs: one JSON object a line, with the correlation id of the request or job."""

import logging
import logging.config
import sys

import structlog

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(*, level: str) -> None:
    """Send everything to standard error as JSON lines.

    Request lines come from ``backoffice.config.requests``, which logs the route, never the URL.
    Django's own request logger repeats the raw path, so it speaks only of errors, and tracebacks
    are reduced to where and what class: an exception's message may quote what a citizen wrote.
    """
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        without_messages,
                        structlog.processors.JSONRenderer(ensure_ascii=False),
                    ],
                    "foreign_pre_chain": SHARED,
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django.request": {"level": "CRITICAL"},
                "django.security": {"level": "CRITICAL"},
                "django.db.backends": {"level": "WARNING"},
                "axes": {"level": "ERROR"},
                "oauth2_provider": {"level": "ERROR"},
                "oauthlib": {"level": "ERROR"},
                "httpx": {"level": "WARNING"},
                "httpcore": {"level": "WARNING"},
                "fontTools": {"level": "ERROR"},
            },
        }
    )


def without_messages(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace exception information by class and place: its message may hold personal data."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if found else None
    if error is None:
        return event
    event["exception"] = type(error).__name__
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/site-packages/')[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    event["at"] = frames[-12:]
    return event
