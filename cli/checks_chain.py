"""What the doctor looks at in the database: whether work moves, what failed, whether secrets can be opened."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cli.checks import Finding
from core import database, metrics, secrets, work
from core.clock import now
from core.models import Channel, Source, WorkState
from core.settings import settings

STUCK = 900.0
"""Seconds that due work may wait, as in /v1/health."""
TROUBLED = 3
"""Failures in a row from which a source is named."""
SHOWN = 5


def findings() -> Iterator[Finding]:
    """Everything that was looked at."""
    with database.transaction() as session:
        yield _secrets(session)
        yield _canary(session)
        for step in work.STEPS:
            yield from _step(session, step)
        yield from _sources(session)
        yield _mail(session)


def _secrets(session: Session) -> Finding:
    sealed = session.scalars(select(Channel.secret).where(Channel.secret.is_not(None)).limit(1000)).all()
    todo = "put the right key into YINQI_ENCRYPTION_KEY or home/secrets/encryption_key (a backup holds it)"
    try:
        for secret in sealed:
            secrets.unseal(secret or b"")
        secrets.seal("")
    except FileNotFoundError as error:
        return Finding(f"there is no encryption key ({error.filename})", f"{todo}, or run yinqi init")
    except ValueError as error:
        return Finding(str(error), todo)
    return Finding(f"the encryption key opens all {len(sealed)} sealed secrets")


def _canary(session: Session) -> Finding:
    interval, seen = settings().canary_interval, metrics.canary_seen(session)
    if not interval:
        return Finding("no canary is sent (YINQI_CANARY_INTERVAL is 0)")
    if seen is not None and now() - seen < timedelta(seconds=2 * interval + 30):
        return Finding("the workers are alive: a canary article came through the whole chain just now")
    told = "no canary article ever came" if seen is None else f"the last canary article came {seen:%Y-%m-%d %H:%M} UTC"
    return Finding(
        f"{told} through the chain",
        "see that scheduler, extractor and alerts run (after a start give them two minutes)",
    )


def _step(session: Session, step: work.Step) -> Iterator[Finding]:
    state = metrics.step_state(session, step)
    if state.oldest > STUCK:
        todo = f"start more workers of the queue {step.queue}, and look at their logs"
        yield Finding(f"step {step.name}: the oldest open row has waited {state.oldest:.0f} s", todo)
    else:
        yield Finding(f"step {step.name}: {state.open} open, none waits too long")
    rows = step.rows
    failed = select(rows).where(rows.state == WorkState.FAILED)
    if count := session.scalar(select(func.count()).select_from(failed.subquery())):
        latest = session.scalars(failed.order_by(rows.id.desc()).limit(1)).one()
        told = f"step {step.name}: {count} given up, the latest {latest.id}: {latest.reason}"
        yield Finding(told, f"mend the cause, then yinqi retry --all --step {step.name}")


def _sources(session: Session) -> Iterator[Finding]:
    enabled = session.scalar(select(func.count()).where(Source.enabled))
    if not enabled:
        yield Finding("no source is switched on (yinqi sources list, enable): only pushed articles come in")
        return
    bad = or_(Source.health != "ok", Source.failures >= TROUBLED)
    found = session.scalars(select(Source).where(Source.enabled, bad).order_by(Source.failures.desc())).all()
    if not found:
        yield Finding(f"sources: {enabled} switched on, none is in trouble")
    for source in found[:SHOWN]:
        yield Finding(f"source {source.name} {_trouble(source)}", _remedy(source))
    if len(found) > SHOWN:
        more = f"sources: {len(found)} of {enabled} are in trouble, {SHOWN} of them named here"
        yield Finding(more, "see all of them at /v1/sources?health=troubled, or with yinqi sources list")


def _trouble(source: Source) -> str:
    if source.health == "ok":
        return f"failed {source.failures} times in a row: {source.last_error}"
    since = f" since {source.health_since:%Y-%m-%d %H:%M} UTC" if source.health_since else ""
    return f"is {source.health}{since}: {source.health_reason or source.last_error}"


def _remedy(source: Source) -> str:
    off = f"yinqi sources disable {source.id}"
    return {
        "challenged": f"ask its owner for a feed or for access, or {off}",
        "changed": f"look at its page and give it another address, kind or selector, or {off}",
        "empty": f"look at its page and give it another address, kind or selector, or {off}",
        "silent": f"see whether it has moved, or {off}",
    }.get(source.health, f"correct its address, or {off}")


def _mail(session: Session) -> Finding:
    config = settings()
    used = session.scalar(select(func.count()).where(Channel.kind == "email", Channel.enabled))
    if not used:
        return Finding("no channel sends e-mail")
    where = f"{config.smtp_host}:{config.smtp_port}"
    client = smtplib.SMTP_SSL if config.smtp_tls == "tls" else smtplib.SMTP
    try:
        with client(config.smtp_host, config.smtp_port, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            f"{used} channels send e-mail and the mail server {where} cannot be reached: {error}",
            "start it, or set YINQI_SMTP_HOST and YINQI_SMTP_PORT",
        )
    return Finding(f"the mail server {where} answers")
