"""`/v1/banks/{id}/profile` and `/v1/firms/{id}/profile`."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.deps import Db, Reader
from api.etag import TaggedRoute
from api.query import QueryOf
from api.resources.profiles import profile
from api.resources.profiles.schemas import BankProfile, FirmProfile, ProfileQuery

router = APIRouter(prefix="/v1", route_class=TaggedRoute)


@router.get("/banks/{bank_id}/profile", operation_id="get_bank_profile", response_model=BankProfile, tags=["banks"])
def get_bank_profile(_: Reader, db: Db, bank_id: UUID, query: QueryOf[ProfileQuery]) -> Any:
    """All that is known of one bank; of one that was merged, what is known of the one that stands for it."""
    return profile.of_bank(db, bank_id, query)


@router.get("/firms/{firm_id}/profile", operation_id="get_firm_profile", response_model=FirmProfile, tags=["firms"])
def get_firm_profile(_: Reader, db: Db, firm_id: UUID, query: QueryOf[ProfileQuery]) -> Any:
    """All that is known of one firm; of one that was merged, what is known of the one that stands for it."""
    return profile.of_firm(db, firm_id, query)
