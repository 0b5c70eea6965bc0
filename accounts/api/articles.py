"""What official accounts publish, for those who read it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, queries
from accounts.api import publishing_shapes as shapes
from accounts.api.serializers import given
from accounts.errors import ArticleNotFound
from accounts.guards import MemberAPI
from accounts.models import Article
from accounts.states import BroadcastStatus
from superapp.kernel.api import page_by_pk, position
from superapp.kernel.api_schema import PAGING, page_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ReaderAPI(MemberAPI):
    """`self.article(…)`: what the caller may read of this account."""

    def article(self, account_id: str, article_id: str) -> Article:
        found = queries.publishing.article_for(self.account, article_id)
        if found.official.account.public_id != account_id:
            raise ArticleNotFound
        return found


class Articles(ReaderAPI):
    @extend_schema(
        operation_id="articles_list", parameters=PAGING, responses=page_of(shapes.ArticleOut)
    )
    def get(self, request: Request, account_id: str) -> Response:
        """Published articles, the latest first."""
        official = queries.official_for(self.account, account_id)
        rows, cursor = page_by_pk(request, queries.publishing.published_articles(official))
        return Response({"items": shapes.ArticleOut(rows, many=True).data, "next_cursor": cursor})


class OneArticle(ReaderAPI):
    @extend_schema(operation_id="articles_get", responses=shapes.ArticleFullOut)
    def get(self, request: Request, account_id: str, article_id: str) -> Response:
        """An article with its body. Counts as a read, once a day."""
        found = self.article(account_id, article_id)
        if request.method == "GET":
            actions.publishing.read_article(reader=self.account, article=found)
        shown = shapes.ArticleOut(found).data
        reception = queries.publishing.reception_of(found, self.account)
        return Response(
            {
                **shown,
                "body": body_of(found),
                "source_url": found.source_url,
                "is_original": found.is_original,
                "takes_comments": found.takes_comments,
                "reads": reception.reads,
                "likes": reception.likes,
                "is_liked": reception.is_liked,
            }
        )


def body_of(article: Article) -> list[dict[str, str]]:
    """Blocks with the addresses of their pictures; one query at most."""
    made = []
    for block in queries.publishing.shown_blocks(article.official, article.body):
        picture = block.pop("picture")
        made.append({**block, "picture": picture.url} if picture else block)
    return made


class Like(ReaderAPI):
    @extend_schema(operation_id="articles_like", request=None, responses={204: None})
    def put(self, request: Request, account_id: str, article_id: str) -> Response:
        """Like it; again is no change."""
        self.article(account_id, article_id)
        actions.publishing.like_article(reader=self.account, article_id=article_id)
        return Response(status=204)

    @extend_schema(operation_id="articles_unlike", responses={204: None})
    def delete(self, request: Request, account_id: str, article_id: str) -> Response:
        self.article(account_id, article_id)
        actions.publishing.unlike_article(reader=self.account, article_id=article_id)
        return Response(status=204)


class Comments(ReaderAPI):
    @extend_schema(
        operation_id="article_comments_list", responses=page_of(shapes.ArticleCommentOut)
    )
    def get(self, request: Request, account_id: str, article_id: str) -> Response:
        """What the account selected, and the caller's own; the latest first."""
        rows = queries.publishing.comments_on(self.article(account_id, article_id), self.account)
        return Response(
            {"items": shapes.ArticleCommentOut(rows, many=True).data, "next_cursor": None}
        )

    @extend_schema(
        operation_id="article_comments_create",
        request=shapes.ArticleCommentIn,
        responses={201: shapes.ArticleCommentOut},
    )
    def post(self, request: Request, account_id: str, article_id: str) -> Response:
        """Say something to the account, which decides whether others read it."""
        self.article(account_id, article_id)
        said = given(shapes.ArticleCommentIn, request)
        made = actions.publishing.comment_article(
            reader=self.account, article_id=article_id, **said
        )
        return Response(shapes.ArticleCommentOut(made).data, status=201)


class OneComment(ReaderAPI):
    @extend_schema(operation_id="article_comments_delete", responses={204: None})
    def delete(
        self, request: Request, account_id: str, article_id: str, comment_id: str
    ) -> Response:
        """Take back what one said."""
        actions.publishing.delete_comment(reader=self.account, comment_id=comment_id)
        return Response(status=204)


class Received(MemberAPI):
    @extend_schema(
        operation_id="broadcasts_received",
        parameters=PAGING[1:],
        responses=page_of(shapes.BroadcastReceivedOut),
    )
    def get(self, request: Request, account_id: str) -> Response:
        """What this account said to the caller among many, the latest first."""
        official = queries.official_known_to(self.account, account_id)
        until = None
        if cursor := request.query_params.get("cursor"):
            until = _EPOCH + timedelta(microseconds=min(position(cursor), 4 * 10**15))
        found = queries.publishing.received_page(self.account, official, until=until)
        size = settings.ARTICLES_PAGE
        rows, is_more = found[:size], len(found) > size
        articles = queries.publishing.articles_in(rows)
        items = [_received(row, articles) for row in rows]
        last = rows[-1].sent_at if is_more else None
        following = (last - _EPOCH) // timedelta(microseconds=1) if last else None
        return Response({"items": items, "next_cursor": following and str(following)})


def _received(row: Any, articles: dict[int, Article]) -> dict[str, Any]:
    is_recalled = row.status == BroadcastStatus.RECALLED
    shown = [] if is_recalled else [articles[pk] for pk in row.article_ids if pk in articles]
    return {
        "id": row.public_id,
        "text": "" if is_recalled else row.text,
        "articles": shapes.ArticleOut(shown, many=True).data,
        "sent_at": row.sent_at,
        "is_recalled": is_recalled,
    }
