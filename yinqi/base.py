"""What all models share."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """What the API answers; fields that a newer server adds are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Request(BaseModel):
    """What the API is given; an unknown field is refused here already."""

    model_config = ConfigDict(extra="forbid")
