"""What a recipient of e-mail may do without a key, and what the operator's mail system reports."""

from api.resources.mail.routes import router
from api.resources.mail.suppressions import router as suppressions

__all__ = ["router", "suppressions"]
