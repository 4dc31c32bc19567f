"""`yinqi mail`: a mail server hands over what came back, and the operator sees and lifts what follows."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts import suppression
from core.models import Channel, Delivery
from tests.alerts import samples
from tests.alerts.test_bounces import ID, ORIGINAL, failed, report
from tests.cli.conftest import Yinqi

TO = "gone@example.com"


@pytest.fixture
def returned(session: Session) -> bytes:
    """The report of a mail that a channel was sent."""
    channel = samples.email(session, TO, like=samples.webhook(session, "https://hooks.example.com/"))
    row = Delivery(subscriber_id=channel.subscriber_id, channel_id=channel.id, type="test", body="{}")
    session.add(row)
    session.commit()
    return report(failed("5.1.1"), of=ORIGINAL.replace(ID, f"<{row.id}@yinqi.example>"))


def test_a_report_suppresses_its_address_and_a_forged_one_does_not(
    yinqi: Yinqi, returned: bytes, session: Session, tmp_path: Path
) -> None:
    forged, real = tmp_path / "forged.eml", tmp_path / "real.eml"
    forged.write_bytes(report(failed("5.1.1")))
    real.write_bytes(returned)
    assert "ignored: it is about no mail of ours" in yinqi("mail", "bounces", str(forged)).output
    assert f"{TO}: suppressed" in yinqi("mail", "bounces", str(real)).output
    assert TO in yinqi("mail", "suppressed").output
    assert suppression.why(session, TO)
    assert yinqi("mail", "lift", TO).exit_code == 0
    assert TO not in yinqi("mail", "suppressed").output
    assert "not suppressed" in yinqi("mail", "lift", TO).output


def test_a_maildir_is_read_once(yinqi: Yinqi, returned: bytes, tmp_path: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (tmp_path / "box" / part).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.host").write_bytes(returned)
    (tmp_path / "box" / "new" / "2.host").write_bytes(b"Subject: hello\n\nno report")
    box = str(tmp_path / "box")
    assert "messages: 2, of which reports: 1" in yinqi("mail", "bounces", box).output
    assert "messages: 0" in yinqi("mail", "bounces", box).output
    assert len(list((tmp_path / "box" / "cur").iterdir())) == 2
    assert "no Maildir" in yinqi("mail", "bounces", str(tmp_path)).output


def test_a_subscriber_is_reached_at_an_address_that_the_operator_vouches_for(yinqi: Yinqi, session: Session) -> None:
    assert yinqi("subscriber", "add", "desk", "--mail", "first@example.com").exit_code == 0
    assert yinqi("subscriber", "reach", "desk", "second@example.com").exit_code == 0
    [channel] = session.scalars(select(Channel))
    assert (channel.config, channel.to_owner) == ({"to": "second@example.com"}, True)
    assert channel.confirmed_at is not None
    for wrong in (("subscriber", "reach", "nobody", "a@example.com"), ("subscriber", "reach", "desk", "nowhere")):
        assert yinqi(*wrong).exit_code == 2
