"""Referrals: which firm recommended which to a bank, and the chains that they make."""

from api.resources.referrals.routes import router

__all__ = ["router"]
