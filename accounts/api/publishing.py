"""Articles, broadcasts and figures for those who work for an official account."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries
from accounts.actions import publishing
from accounts.api import publishing_shapes as shapes
from accounts.api.articles import body_of
from accounts.api.business import BusinessAPI
from accounts.api.serializers import given
from accounts.models import Article, Broadcast
from accounts.states import StaffMay
from superapp.kernel.api import page_by_pk
from superapp.kernel.api_schema import PAGING, page_of
from superapp.kernel.errors import NotFound

_WRITE = StaffMay.CONTENT


def _step(names: list[str]) -> OpenApiParameter:
    return OpenApiParameter(
        "step", {"type": "string", "enum": names}, OpenApiParameter.PATH, required=True
    )


def _manuscript(request: Request) -> publishing.Manuscript:
    said = given(shapes.ArticleIn, request)
    html = said.pop("html")
    if html:
        said["blocks"] = publishing.blocks_of_html(html=html)
    return publishing.Manuscript(**said)


def _own(article: Article) -> Response:
    shown = shapes.ArticleOut(article).data
    return Response(
        {
            **shown,
            "status": article.status,
            "body": body_of(article),
            "changed_at": article.changed_at,
        }
    )


class OwnArticles(BusinessAPI):
    @extend_schema(
        operation_id="business_articles_list",
        parameters=PAGING,
        responses=page_of(shapes.ArticleOut),
    )
    def get(self, request: Request, account_id: str) -> Response:
        """Articles in any status, the latest first."""
        rows = queries.publishing.articles_of(self.official(account_id, _WRITE))
        found, cursor = page_by_pk(request, rows)
        items = shapes.ArticleOut(found, many=True).data
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="business_articles_create",
        request=shapes.ArticleIn,
        responses={201: shapes.OwnArticleOut},
    )
    def post(self, request: Request, account_id: str) -> Response:
        """A new draft."""
        official = self.official(account_id, _WRITE)
        made = publishing.write_article(
            official=official, actor=self.account, manuscript=_manuscript(request)
        )
        answer = _own(made)
        answer.status_code = 201
        return answer


class OwnArticle(BusinessAPI):
    @extend_schema(operation_id="business_articles_get", responses=shapes.OwnArticleOut)
    def get(self, request: Request, account_id: str, article_id: str) -> Response:
        return _own(queries.publishing.article_of(self.official(account_id, _WRITE), article_id))

    @extend_schema(
        operation_id="business_articles_set",
        request=shapes.ArticleIn,
        responses=shapes.OwnArticleOut,
    )
    def put(self, request: Request, account_id: str, article_id: str) -> Response:
        """The whole draft anew. What was published does not change any more."""
        official = self.official(account_id, _WRITE)
        return _own(
            publishing.change_article(
                official=official,
                actor=self.account,
                article_id=article_id,
                manuscript=_manuscript(request),
            )
        )


_ARTICLE_STEPS: dict[str, Callable[..., Article]] = {
    "publish": publishing.publish_article,
    "withdraw": publishing.withdraw_article,
}


class ArticleStep(BusinessAPI):
    @extend_schema(
        operation_id="business_articles_step",
        parameters=[_step(list(_ARTICLE_STEPS))],
        request=None,
        responses=shapes.OwnArticleOut,
    )
    def post(self, request: Request, account_id: str, article_id: str, step: str) -> Response:
        """Publish a draft, or take a published article down."""
        official = self.official(account_id, _WRITE)
        act = _ARTICLE_STEPS.get(step)
        if act is None:
            raise NotFound
        return _own(act(official=official, actor=self.account, article_id=article_id))


class Broadcasts(BusinessAPI):
    @extend_schema(
        operation_id="broadcasts_list", parameters=PAGING, responses=page_of(shapes.BroadcastOut)
    )
    def get(self, request: Request, account_id: str) -> Response:
        """Broadcasts in any status, the latest first."""
        rows = queries.publishing.broadcasts_of(self.official(account_id, _WRITE))
        found, cursor = page_by_pk(request, rows)
        items = shapes.BroadcastOut(found, many=True).data
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="broadcasts_create",
        request=shapes.BroadcastIn,
        responses={201: shapes.BroadcastOut},
    )
    def post(self, request: Request, account_id: str) -> Response:
        """A draft; hand it in with the step `submit`, and somebody else agrees with `approve`."""
        official = self.official(account_id, _WRITE)
        said = given(shapes.BroadcastIn, request)
        client_id = said.pop("client_id")
        made = publishing.compose_broadcast(
            official=official,
            actor=self.account,
            message=publishing.Message(**said),
            client_id=client_id,
        )
        return Response(shapes.BroadcastOut(made).data, status=201)


class OneBroadcast(BusinessAPI):
    @extend_schema(operation_id="broadcasts_get", responses=shapes.BroadcastFullOut)
    def get(self, request: Request, account_id: str, broadcast_id: str) -> Response:
        """With its report."""
        official = self.official(account_id, _WRITE)
        found = queries.publishing.broadcast_of(official, broadcast_id)
        report = queries.publishing.report_of(found)
        return Response({**shapes.BroadcastOut(found).data, "report": report})


_BROADCAST_STEPS: dict[str, Callable[..., Broadcast]] = {
    "submit": publishing.submit_broadcast,
    "approve": publishing.approve_broadcast,
    "return": publishing.return_broadcast,
    "cancel": publishing.cancel_broadcast,
    "recall": publishing.recall_broadcast,
}


class BroadcastStep(BusinessAPI):
    @extend_schema(
        operation_id="broadcasts_step",
        parameters=[_step(list(_BROADCAST_STEPS))],
        request=shapes.BroadcastReasonIn,
        responses=shapes.BroadcastOut,
    )
    def post(self, request: Request, account_id: str, broadcast_id: str, step: str) -> Response:
        """Hand it in, agree (somebody else), give it back, cancel it, take it back."""
        official = self.official(account_id, _WRITE)
        act = _BROADCAST_STEPS.get(step)
        if act is None:
            raise NotFound
        more: dict[str, Any] = given(shapes.BroadcastReasonIn, request) if step == "return" else {}
        done = act(official=official, actor=self.account, broadcast_id=broadcast_id, **more)
        return Response(shapes.BroadcastOut(done).data)


class Figures(BusinessAPI):
    @extend_schema(operation_id="figures_list", responses=page_of(shapes.DayFiguresOut))
    def get(self, request: Request, account_id: str) -> Response:
        """The last thirty days, the oldest first."""
        rows = queries.publishing.figures_by_day(self.official(account_id, _WRITE))
        items = shapes.DayFiguresOut(rows, many=True).data
        return Response({"items": items, "next_cursor": None})
