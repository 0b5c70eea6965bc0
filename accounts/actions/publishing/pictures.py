"""The library of pictures of an account."""

from django.conf import settings
from django.db import transaction

from accounts import queries
from accounts.errors import TooManyPictures
from accounts.models import Account, OfficialAccount, Picture
from accounts.states import StaffMay
from superapp.kernel import images, media, search, time
from superapp.kernel.errors import TooLarge


@transaction.atomic
def add_picture(
    *, official: OfficialAccount, actor: Account, picture: bytes, name: str = ""
) -> Picture:
    """Keep a picture, encoded again. Raises NotAllowed, TooLarge, TooManyPictures, and the refusals
    of kernel.images."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    limit = settings.PICTURES_MAX
    if len(picture) > settings.PICTURE_UPLOAD_MAX:
        raise TooLarge
    if official.pictures.count() >= limit:
        raise TooManyPictures(limit=limit)
    side = settings.PICTURE_SIDE_MAX
    made = images.read(picture, side_max=side).fit(side)
    return Picture.objects.create(
        official=official,
        file=media.store(made.data, made.content_type),
        name=search.clean_line(name)[:60],
        width=made.width,
        height=made.height,
        created_at=time.now(),
    )
