"""`/registers`: banks and firms under the operator's hand: fields, names, merging with a look ahead; the log."""

from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict

from api.dashboard import register_page
from api.dashboard.deps import OPERATOR, OperatorViewer, Visitor
from api.dashboard.page import Page
from api.dashboard.register_form import AliasForm, FieldsForm, MergeForm, changed
from api.dashboard.rendering import render
from api.dashboard.route import page_router
from api.deps import Db
from api.errors import Invalid
from api.naming import search as naming
from api.query import QueryOf
from api.registers import edit, fields
from api.registers.edit import Hand
from api.registers.kinds import BANKS, FIRMS
from api.registers.preview import preview
from api.schemas import Text

NAMES = 20  # that are found
router = page_router()
PAGE = Page("registers", router, menu="/registers", group="house", scope=OPERATOR)
KINDS = {"banks": BANKS, "firms": FIRMS}
Kind = Literal["banks", "firms"]


class Asked(BaseModel):
    """What was typed to find one."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[Text, Query(max_length=200)] = ""


class Into(BaseModel):
    """Which one is to stand for both, by any of its names or its id."""

    model_config = ConfigDict(extra="forbid")

    into: Annotated[Text, Query(max_length=200)] = ""


@router.get("/registers")
def find(request: Request, _: OperatorViewer, db: Db, asked: QueryOf[Asked]) -> Response:
    """Banks and firms by any of their names."""
    q = asked.q.strip()
    found = naming.find(db, naming.KINDS, q, NAMES) if q else []
    return render(request, "registers.html", q=q, found=[one.row for one in found])


@router.get("/registers/{kind}/{row_id}")
def show(
    request: Request,
    _: OperatorViewer,
    db: Db,
    kind: Kind,
    row_id: UUID,
    done: Literal["changed", "named", "taken", "merged"] | None = None,
) -> Response:
    """One of them; one that was merged leads to the one that stands for it."""
    row = edit.found(db, KINDS[kind], row_id)
    if row.merged_into is not None:
        return RedirectResponse(f"/registers/{kind}/{row.merged_into}")
    return register_page.draw(request, db, KINDS[kind], row, done=done)


@router.post("/registers/{kind}/{row_id}")
def change(
    request: Request, seen: OperatorViewer, db: Db, kind: Kind, row_id: UUID, form: Annotated[FieldsForm, Form()]
) -> Response:
    """Set the fields that the form has otherwise than when it was drawn."""
    register = KINDS[kind]

    def act() -> None:
        told = changed(register, edit.found(db, register, row_id), form)
        edit.change(db, _hand(seen), register, row_id, fields.given(db, register, told))

    return register_page.tried(request, db, register, row_id, act, done="changed", filled=form)


@router.post("/registers/{kind}/{row_id}/names")
def name(
    request: Request, seen: OperatorViewer, db: Db, kind: Kind, row_id: UUID, form: Annotated[AliasForm, Form()]
) -> Response:
    """Call it by one more name."""

    def act() -> None:
        edit.add_alias(db, _hand(seen), KINDS[kind], row_id, form.told())

    return register_page.tried(request, db, KINDS[kind], row_id, act, done="named", alias=form.alias)


@router.post("/registers/{kind}/{row_id}/names/take")
def take(
    request: Request, seen: OperatorViewer, db: Db, kind: Kind, row_id: UUID, form: Annotated[AliasForm, Form()]
) -> Response:
    """Take a name from it, for good."""

    def act() -> None:
        edit.remove_alias(db, _hand(seen), KINDS[kind], row_id, form.told())

    return register_page.tried(request, db, KINDS[kind], row_id, act, done="taken")


@router.get("/registers/{kind}/{row_id}/merge")
def ask(request: Request, seen: OperatorViewer, db: Db, kind: Kind, row_id: UUID, asked: QueryOf[Into]) -> Response:
    """What would follow if it were merged into another; nothing is done yet."""
    register = KINDS[kind]
    row = edit.found(db, register, row_id)
    try:
        into = fields.called(db, register, asked.into.strip(), "body.into")
        told = preview(db, _hand(seen), register, row_id, into)
    except Invalid as refused:
        return register_page.draw(request, db, register, row, refused=refused, into=asked.into)
    return render(request, "register_merge.html", kind=kind, row_id=row_id, told=told)


@router.post("/registers/{kind}/{row_id}/merge")
def merge(
    request: Request, seen: OperatorViewer, db: Db, kind: Kind, row_id: UUID, form: Annotated[MergeForm, Form()]
) -> Response:
    """Let another stand for it."""
    register = KINDS[kind]

    def act() -> None:
        edit.merge(db, _hand(seen), register, row_id, form.into)

    answer = register_page.tried(request, db, register, row_id, act, done="merged")
    if answer.status_code == HTTPStatus.SEE_OTHER:
        return RedirectResponse(f"/registers/{kind}/{form.into}?done=merged", HTTPStatus.SEE_OTHER)
    return answer


def _hand(seen: Visitor) -> Hand:
    return Hand(seen.subscriber_id, "dashboard")
