"""Refusals about what official accounts publish."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, NotAllowed, NotFound, Refusal


class ArticleNotFound(NotFound):
    code = "accounts.article_not_found"
    message = _("We couldn't find that article.")


class ArticleGone(NotFound):
    """It was published once; whoever comes by an old address is told so."""

    code = "accounts.article_gone"
    status = 410
    message = _("This article was taken down by the account.")


class BadArticle(Refusal):
    """What is missing or too long; `what` says which part."""

    code = "accounts.bad_article"
    message = _("An article needs a title of up to 64 characters and something to read.")


class BadBlocks(Refusal):
    """A block of an article or a page that can't be shown; `what` says why."""

    code = "accounts.bad_blocks"
    message = _("A part of this can't be shown. Check its words, pictures and addresses.")


class PictureNotFound(NotFound):
    code = "accounts.picture_not_found"
    message = _("We couldn't find that picture.")


class TooManyPictures(Conflict):
    code = "accounts.too_many_pictures"
    message = _("An account can keep up to %(limit)s pictures.")


class TooManyArticles(Conflict):
    code = "accounts.too_many_articles"
    message = _("An account can have up to %(limit)s articles.")


class CommentNotFound(NotFound):
    code = "accounts.comment_not_found"
    message = _("We couldn't find that comment.")


class CommentsClosed(NotAllowed):
    code = "accounts.comments_closed"
    message = _("This article takes no comments.")


class BadComment(Refusal):
    code = "accounts.bad_comment"
    message = _("A comment has up to 600 characters.")


class TooManyComments(Conflict):
    code = "accounts.too_many_comments"
    message = _("You can leave up to %(limit)s comments here.")


class TooManyPreviews(Conflict):
    code = "accounts.too_many_previews"
    message = _("An account can send up to %(limit)s previews a day.")


class PreviewerNotFollowing(Conflict):
    """A preview stands in the thread with the account: there is none yet."""

    code = "accounts.previewer_not_following"
    message = _("A preview reaches people who follow the account.")


class PageNotFound(NotFound):
    code = "accounts.page_not_found"
    message = _("We couldn't find that page.")


class BadPage(Refusal):
    code = "accounts.bad_page"
    message = _("A page needs a title, and an address of letters, digits and hyphens.")


class PageTaken(Conflict):
    code = "accounts.page_taken"
    message = _("Another page has this address.")


class TooManyPages(Conflict):
    code = "accounts.too_many_pages"
    message = _("An account can have up to %(limit)s pages.")


class BroadcastNotFound(NotFound):
    code = "accounts.broadcast_not_found"
    message = _("We couldn't find that broadcast.")


class BadBroadcast(Refusal):
    """`what` says which part: text, articles, tag, due_at."""

    code = "accounts.bad_broadcast"
    message = _("A broadcast is a text of up to 600 characters or up to 8 published articles.")


class SecondPersonNeeded(NotAllowed):
    code = "accounts.second_person_needed"
    message = _("Somebody else of the staff has to agree.")


class ReviewOver(Conflict):
    code = "accounts.review_over"
    message = _("Nobody agreed in time. Submit it again.")


class BadLink(NotFound):
    """A tracked address that this house did not make."""

    code = "accounts.bad_link"
    message = _("This link doesn't lead anywhere.")
