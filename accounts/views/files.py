"""Pictures of people, and files of the programs of official accounts."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts import queries
from accounts.guards import MemberRequest, files_for_members
from superapp.kernel import media


@require_safe
@files_for_members
def picture(request: MemberRequest, file_id: str) -> HttpResponseBase:
    """An avatar or cover in use. Its address is new with every picture, so browsers may keep it."""
    stored = queries.file_shown_to_members(file_id)
    return media.serve(request, stored, is_immutable=True)


@require_safe
def shared_picture(request: HttpRequest, file_id: str, seal: str) -> HttpResponseBase:
    """An avatar in use, for sites to which its owner introduced themselves: they have the address."""
    return media.serve(request, queries.file_shown_to_sites(file_id, seal))


@require_safe
def program_media(request: HttpRequest, media_id: str) -> HttpResponseBase:
    """A file that a program keeps or that a follower sent to it: for whoever has its address."""
    return media.serve(request, queries.media_by_address(media_id).file)
