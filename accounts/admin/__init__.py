"""The consoles: the platform's (/admin/) and the businesses' (/business/)."""

from accounts.admin import (
    broadcasting,
    business,
    official,
    people,
    programs,
    publishing,
    running,
)
from accounts.admin.site import business as business_site

__all__ = [
    "broadcasting",
    "business",
    "business_site",
    "official",
    "people",
    "programs",
    "publishing",
    "running",
]
