"""What a recipient of e-mail may do without a key: end the messages."""

from api.resources.mail.routes import router

__all__ = ["router"]
