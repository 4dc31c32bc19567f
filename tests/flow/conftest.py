"""A database that knows what ships."""

import pytest
from sqlalchemy.orm import Session

from extractor import lexicon_live
from seeds.load import load


@pytest.fixture
def seeded(session: Session) -> Session:
    lexicon_live.forget()
    load(session)
    session.commit()
    return session
