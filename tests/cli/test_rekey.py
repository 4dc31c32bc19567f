"""A new encryption key takes over all secrets, or changes none."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import secrets
from core.models import Channel
from core.settings import settings
from tests.alerts import samples
from tests.cli.conftest import Yinqi


@pytest.fixture
def channel(session: Session) -> Channel:
    made = samples.webhook(session, "https://hooks.example.com/")
    made.old_secret = secrets.seal("whsec_old")
    session.commit()
    return made


def read(session: Session) -> Channel:
    session.rollback()
    return session.scalars(select(Channel).execution_options(populate_existing=True)).one()


def test_all_secrets_are_opened_by_the_new_key_alone(yinqi: Yinqi, channel: Channel, session: Session) -> None:
    path = secrets.key_file(settings())
    before = path.read_text()
    told = yinqi("rekey")
    assert "sealed anew: 2 secrets" in told.output
    after = path.read_text()
    assert before not in after and after not in told.output.replace(str(path), "")
    assert path.stat().st_mode & 0o777 == 0o600
    kept = read(session)
    box = Fernet(after)
    assert box.decrypt(kept.secret or b"").decode() == samples.SECRET
    assert box.decrypt(kept.old_secret or b"").decode() == "whsec_old"


def test_keys_of_the_setting_are_left_to_the_operator(
    yinqi: Yinqi, channel: Channel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = secrets.key_file(settings()).read_text(), Fernet.generate_key().decode()
    monkeypatch.setenv("YINQI_ENCRYPTION_KEY", f"{new},{old}")
    settings.cache_clear()
    assert yinqi("rekey").exit_code == 0
    assert secrets.key_file(settings()).read_text() == old
    assert Fernet(new).decrypt(read(session).secret or b"").decode() == samples.SECRET


def test_a_secret_that_cannot_be_opened_stops_it_and_nothing_is_changed(
    yinqi: Yinqi, channel: Channel, session: Session, tmp_path: Path
) -> None:
    session.execute(update(Channel).values(old_secret=Fernet(Fernet.generate_key()).encrypt(b"lost")))
    session.commit()
    before = read(session).secret
    result = yinqi("rekey")
    assert result.exit_code == 2
    assert "nothing was changed" in result.stderr
    assert read(session).secret == before
    assert secrets.unseal(before or b"") == samples.SECRET
