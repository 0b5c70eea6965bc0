"""The consoles: the platform's (/admin/) and the businesses' (/business/)."""

from accounts.admin import business, official, people, programs, running
from accounts.admin.site import business as business_site

__all__ = ["business", "business_site", "official", "people", "programs", "running"]
