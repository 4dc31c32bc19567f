"""Profiles: all that is known of one firm or bank in one place.

`profile` puts them together: who it is (banks, firms), figures as the statistics count them, whom it is related to and
why (`firm_ties`, `bank_ties`), and what was written of it last.
"""

from api.resources.profiles.routes import router

__all__ = ["router"]
