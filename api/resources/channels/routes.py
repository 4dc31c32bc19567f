"""`/v1/channels`: private to their subscriber."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from alerts.channels import CHANNELS
from api.body import JsonRoute
from api.deps import Db, Reader, Writer
from api.pagination import Page, PageQuery
from api.query import QueryOf
from api.resources.channels import keep, store
from api.resources.channels.schemas import ChannelCreated, ChannelIn, ChannelOut, ChannelPatch, Kinds, TrialOut
from core.models import Channel

router = APIRouter(prefix="/v1/channels", tags=["channels"], route_class=JsonRoute)


@router.get("", operation_id="list_channels", response_model=Page[ChannelOut])
def list_channels(asking: Reader, db: Db, query: QueryOf[PageQuery]) -> Any:
    """Your channels, newest first."""
    rows, following = store.page(db, asking.subscriber_id, query)
    return {"items": [_shown(row) for row in rows], "next": following}


@router.post("", operation_id="create_channel", response_model=ChannelCreated, status_code=HTTPStatus.CREATED)
def create_channel(asking: Writer, db: Db, body: ChannelIn) -> Any:
    """A new place to send to. The answer holds its signing secret, which is never shown again."""
    channel, secret = keep.made(db, asking.subscriber_id, body.model_dump())
    return {**_shown(channel), "secret": secret}


@router.get("/kinds", operation_id="list_channel_kinds", response_model=Kinds)
def list_channel_kinds(_: Reader) -> Any:
    """The kinds of channel, each with the JSON schema of its `config`."""
    return {"items": [{"name": kind.name, "config": kind.Config.model_json_schema()} for kind in CHANNELS]}


@router.get("/{channel_id}", operation_id="get_channel", response_model=ChannelOut)
def get_channel(asking: Reader, db: Db, channel_id: UUID) -> Any:
    """One of your channels."""
    return _shown(keep.found(db, asking.subscriber_id, channel_id))


@router.patch("/{channel_id}", operation_id="update_channel", response_model=ChannelOut)
def update_channel(asking: Writer, db: Db, channel_id: UUID, body: ChannelPatch) -> Any:
    """Rename it, give it another config, or switch it on or off."""
    channel = keep.found(db, asking.subscriber_id, channel_id)
    return _shown(keep.changed(db, channel, body.model_dump(exclude_unset=True)))


@router.post("/{channel_id}/rotate", operation_id="rotate_channel_secret", response_model=ChannelCreated)
def rotate_channel_secret(asking: Writer, db: Db, channel_id: UUID) -> Any:
    """A new signing secret, shown this once. For 24 hours the old one signs too, so that you change over in between."""
    channel = keep.found(db, asking.subscriber_id, channel_id)
    secret = keep.rotated(db, channel)
    return {**_shown(channel), "secret": secret}


@router.post(
    "/{channel_id}/test", operation_id="test_channel", response_model=TrialOut, status_code=HTTPStatus.ACCEPTED
)
def test_channel(asking: Writer, db: Db, channel_id: UUID) -> Any:
    """Send a test alert, as every alert is sent; what came of it stands in the delivery that is answered."""
    return {"delivery": keep.tried(db, keep.found(db, asking.subscriber_id, channel_id))}


@router.post(
    "/{channel_id}/confirm", operation_id="confirm_channel", response_model=TrialOut, status_code=HTTPStatus.ACCEPTED
)
def confirm_channel(asking: Writer, db: Db, channel_id: UUID) -> Any:
    """Ask the address of an e-mail channel once more to confirm; what came of it stands in the delivery."""
    return {"delivery": keep.asked_again(db, keep.found(db, asking.subscriber_id, channel_id))}


@router.delete("/{channel_id}", operation_id="delete_channel", status_code=HTTPStatus.NO_CONTENT)
def delete_channel(asking: Writer, db: Db, channel_id: UUID) -> None:
    """Send there no more; its deliveries leave the log."""
    store.remove(db, keep.found(db, asking.subscriber_id, channel_id))


def _shown(row: Channel) -> dict[str, Any]:
    return {field: getattr(row, field) for field in ChannelOut.model_fields}
