"""Articles: written, published, read, liked, commented, taken down."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry

from accounts import queries
from accounts.actions import publishing
from accounts.errors import (
    ArticleGone,
    ArticleNotFound,
    BadArticle,
    BadBlocks,
    BadComment,
    CommentNotFound,
    CommentsClosed,
    OfficialNotFound,
    PictureNotFound,
    PreviewerNotFollowing,
    TooManyComments,
    TooManyPictures,
    TooManyPreviews,
)
from accounts.models import Article, ArticleLike, Comment, Figure, Picture, Preview, Seen
from accounts.states import ARTICLE_MOVES, ArticleStatus
from chat.models import Message
from superapp.kernel import time
from superapp.kernel.errors import Conflict, NotAllowed
from superapp.kernel.images import NotAPicture
from tests.official.businesses import draft_of, hire
from tests.publishing.conftest import follow, manuscript, photo, print_article, write


def reads_of(article):
    return queries.publishing.reception_of(article, None).reads


def test_a_draft_is_its_staffs_until_it_is_published(alice, mei, noodles):
    article = write(noodles, mei, summary="How we work", author="Mei")
    with pytest.raises(ArticleNotFound):
        queries.publishing.article_for(alice, article.public_id)
    with pytest.raises(ArticleNotFound):
        queries.publishing.article_for(None, article.public_id)
    assert queries.publishing.article_for(mei, article.public_id) == article
    publishing.publish_article(official=noodles, actor=mei, article_id=article.public_id)
    assert queries.publishing.article_for(None, article.public_id).title == article.title
    assert list(queries.publishing.published_articles(noodles)) == [article]


def test_what_was_published_does_not_change_but_can_be_copied(mei, noodles, article):
    with pytest.raises(Conflict):
        publishing.change_article(
            official=noodles,
            actor=mei,
            article_id=article.public_id,
            manuscript=manuscript("Other words"),
        )
    copied = publishing.copy_article(official=noodles, actor=mei, article_id=article.public_id)
    changed = publishing.change_article(
        official=noodles,
        actor=mei,
        article_id=copied.public_id,
        manuscript=manuscript("Other words"),
    )
    article.refresh_from_db()
    assert (article.title, changed.title) == ("Hand-pulled since 1987", "Other words")
    assert (changed.status, changed.body) == ("draft", article.body)


def test_what_was_taken_down_says_so(alice, mei, noodles, article):
    publishing.withdraw_article(official=noodles, actor=mei, article_id=article.public_id)
    with pytest.raises(ArticleGone):
        queries.publishing.article_for(alice, article.public_id)
    assert list(queries.publishing.published_articles(noodles)) == []


@pytest.mark.parametrize("before", ArticleStatus.values)
@pytest.mark.parametrize("after", ["published", "withdrawn"])
def test_every_move_is_in_the_table_or_refused(mei, noodles, before, after):
    article = write(noodles, mei)
    Article.objects.filter(pk=article.pk).update(status=before)
    act = {
        "published": publishing.publish_article,
        "withdrawn": publishing.withdraw_article,
    }[after]
    place = {"official": noodles, "actor": mei, "article_id": article.public_id}
    if after in ARTICLE_MOVES[before]:
        assert act(**place).status == after
    else:
        with pytest.raises(Conflict):
            act(**place)
        assert Article.objects.get(pk=article.pk).status == before


def test_only_those_who_write_for_the_account_write(alice, bob, lin, mei, noodles):
    article = write(noodles, mei)
    hire(noodles, mei, bob, "agent")
    place = {"official": noodles, "article_id": article.public_id}
    for actor, refusal in ((alice, OfficialNotFound), (lin, OfficialNotFound), (bob, NotAllowed)):
        with pytest.raises(refusal):
            write(noodles, actor)
        for act in (publishing.publish_article, publishing.copy_article):
            with pytest.raises(refusal):
                act(actor=actor, **place)
        with pytest.raises(refusal):
            publishing.preview_article(actor=actor, handles=[], **place)
        with pytest.raises(refusal):
            publishing.add_picture(official=noodles, actor=actor, picture=photo())
    assert list(Article.objects.values_list("status", flat=True)) == ["draft"]
    assert not Picture.objects.exists()


def test_an_account_that_is_not_published_publishes_nothing(lin):
    shop = draft_of(lin, "Tea House")
    article = write(shop, lin)
    with pytest.raises(Conflict):
        publishing.publish_article(official=shop, actor=lin, article_id=article.public_id)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"title": " "}, BadArticle),
        ({"title": "x" * 65}, BadArticle),
        ({"summary": "x" * 121}, BadArticle),
        ({"author": "x" * 21}, BadArticle),
        ({"cover": "pic_nothing"}, PictureNotFound),
        ({"source_url": "javascript:alert(1)"}, BadBlocks),
        ({"blocks": [{"kind": "script", "text": "alert(1)"}]}, BadBlocks),
        ({"blocks": [{"kind": "text", "text": ""}]}, BadBlocks),
        ({"blocks": [{"kind": "text", "text": "x" * 5001}]}, BadBlocks),
        ({"blocks": [{"kind": "button", "text": "Go", "url": "javascript:alert(1)"}]}, BadBlocks),
        ({"blocks": [{"kind": "button", "text": "Go", "url": "//evil.example"}]}, BadBlocks),
        ({"blocks": [{"kind": "button", "text": "Go", "url": "/\\evil.example"}]}, BadBlocks),
        ({"blocks": [{"kind": "button", "text": "Go", "url": "data:text/html,x"}]}, BadBlocks),
        ({"blocks": [{"kind": "picture", "picture": "pic_other"}]}, BadBlocks),
        ({"blocks": [{"kind": "line"}] * 101}, BadBlocks),
        ({"blocks": ["text"]}, BadBlocks),
    ],
)
def test_bad_articles_are_refused(mei, noodles, given, refusal):
    with pytest.raises(refusal):
        write(noodles, mei, **given)
    assert not Article.objects.exists()


def test_an_article_without_a_body_is_not_published(mei, noodles):
    article = write(noodles, mei, blocks=[])
    with pytest.raises(BadArticle):
        publishing.publish_article(official=noodles, actor=mei, article_id=article.public_id)


def test_pictures_are_the_accounts_own_and_encoded_again(mei, lin, noodles, clinic, settings):
    own = publishing.add_picture(official=noodles, actor=mei, picture=photo(), name="Bowl")
    assert (own.width, own.height) == (80, 60)
    with pytest.raises(BadBlocks):
        write(clinic, lin, blocks=[{"kind": "picture", "picture": own.public_id}])
    with pytest.raises(NotAPicture):
        publishing.add_picture(official=noodles, actor=mei, picture=b"<svg onload=alert(1)>")
    settings.PICTURES_MAX = 1
    with pytest.raises(TooManyPictures):
        publishing.add_picture(official=noodles, actor=mei, picture=photo())
    assert Picture.objects.count() == 1


def test_html_of_programs_becomes_words_without_its_scripts():
    html = (
        "<h1>Noodles</h1><p onclick='x()'>Made <b>by hand</b>, see"
        " <a href='https://example.com/'>our page</a>"
        " or <a href='javascript:alert(1)'>this</a>.</p>"
        "<script>alert(1)</script><style>p{}</style><svg><script>alert(2)</script></svg>"
        "<iframe src='https://evil.example'>x</iframe><ul><li>Flour</li><li>Water</li></ul>"
        "<blockquote>So <em>good</em></blockquote><hr><img src=x onerror=alert(3)>"
        "&lt;b&gt;"
    )
    assert publishing.blocks_of_html(html=html) == [
        {"kind": "heading", "text": "Noodles"},
        {
            "kind": "text",
            "text": "Made **by hand**, see [our page](https://example.com/) or this.\n\n- Flour\n- Water",
        },
        {"kind": "quote", "text": "So *good*"},
        {"kind": "line"},
        {"kind": "text", "text": "<b>"},
    ]


def test_a_reader_counts_once_a_day_in_the_zone_of_the_account(alice, bob, mei, noodles, article):
    publishing.read_article(reader=alice, article=article)
    publishing.read_article(reader=alice, article=article)
    publishing.read_article(reader=bob, article=article)
    assert reads_of(article) == 2
    with time.pretend(time.now() + timedelta(days=1)):
        publishing.read_article(reader=alice, article=article)
    assert reads_of(article) == 3
    draft = write(noodles, mei)
    publishing.read_article(reader=mei, article=draft)
    assert reads_of(draft) == 0
    # Nothing that was kept names anybody.
    assert str(alice.pk) not in {row.mark for row in Seen.objects.all()}
    assert alice.public_id not in str(list(Seen.objects.values()) + list(Figure.objects.values()))


def test_likes_are_one_each(alice, bob, article):
    for reader in (alice, alice, bob):
        publishing.like_article(reader=reader, article_id=article.public_id)
    shown = queries.publishing.reception_of(article, alice)
    assert (shown.likes, shown.is_liked) == (2, True)
    publishing.unlike_article(reader=alice, article_id=article.public_id)
    shown = queries.publishing.reception_of(article, alice)
    assert (shown.likes, shown.is_liked) == (1, False)


def test_a_comment_is_read_by_others_once_the_account_selects_it(
    alice, bob, lin, mei, noodles, article
):
    said = publishing.comment_article(
        reader=alice, article_id=article.public_id, text="  The best\u202e in town <b> \x07"
    )
    assert said.text == "The best in town <b>"

    def shown_to(reader):
        return [c.text for c in queries.publishing.comments_on(article, reader)]

    assert (shown_to(alice), shown_to(bob), shown_to(None)) == (["The best in town <b>"], [], [])
    place = {"official": noodles, "actor": mei, "comment_id": said.public_id}
    with pytest.raises(OfficialNotFound):
        publishing.select_comment(**{**place, "actor": lin})
    publishing.select_comment(**place)
    publishing.reply_to_comment(**place, text="Thank you!")
    assert shown_to(bob) == ["The best in town <b>"]
    assert queries.publishing.comments_on(article, bob)[0].reply == "Thank you!"
    publishing.hide_comment(**place)
    assert shown_to(bob) == []
    with pytest.raises(CommentNotFound):
        publishing.delete_comment(reader=bob, comment_id=said.public_id)
    publishing.delete_comment(reader=alice, comment_id=said.public_id)
    assert not Comment.objects.exists()


def test_comments_are_bounded_and_can_be_closed(alice, mei, noodles, article, settings):
    for text in ("", "  ", "x" * 601):
        with pytest.raises(BadComment):
            publishing.comment_article(reader=alice, article_id=article.public_id, text=text)
    settings.COMMENTS_EACH_MAX = 1
    publishing.comment_article(reader=alice, article_id=article.public_id, text="One")
    with pytest.raises(TooManyComments):
        publishing.comment_article(reader=alice, article_id=article.public_id, text="Two")
    closed = print_article(noodles, mei, "Closed", takes_comments=False)
    with pytest.raises(CommentsClosed):
        publishing.comment_article(reader=alice, article_id=closed.public_id, text="One")
    assert Comment.objects.count() == 1


def test_another_account_decides_nothing(alice, lin, clinic, noodles, article):
    said = publishing.comment_article(reader=alice, article_id=article.public_id, text="Good")
    for act in (publishing.select_comment, publishing.hide_comment):
        with pytest.raises(CommentNotFound):
            act(official=clinic, actor=lin, comment_id=said.public_id)
    with pytest.raises(ArticleNotFound):
        publishing.withdraw_article(official=clinic, actor=lin, article_id=article.public_id)
    assert Comment.objects.get().status == "held"


def test_a_draft_goes_to_the_phones_of_chosen_followers(alice, bob, mei, noodles, settings):
    from accounts import actions

    actions.set_handle(account=alice, handle="alice-t")
    article = write(noodles, mei)
    place = {"official": noodles, "actor": mei, "article_id": article.public_id}
    with pytest.raises(PreviewerNotFollowing):
        publishing.preview_article(**place, handles=["alice-t"])
    assert not Preview.objects.exists()
    follow(noodles, alice)
    assert publishing.preview_article(**place, handles=["alice-t"]) == [alice]
    sent = Message.objects.get(author=noodles.account)
    assert sent.body == {"card": "article", "ref": article.public_id, "title": article.title}
    assert queries.publishing.article_for(alice, article.public_id) == article
    with pytest.raises(ArticleNotFound):
        queries.publishing.article_for(bob, article.public_id)
    settings.PREVIEWS_PER_DAY = 1
    with pytest.raises(TooManyPreviews):
        publishing.preview_article(**place, handles=["alice-t"])


def test_what_was_done_is_in_the_audit_log(mei, noodles, article):
    publishing.withdraw_article(official=noodles, actor=mei, article_id=article.public_id)
    done = [entry.changes for entry in LogEntry.objects.get_for_object(noodles)[:3]]
    assert done == [
        {"article": [article.title, "withdrawn"]},
        {"article": [article.title, "published"]},
        {"article": ["", article.title]},
    ]


def test_reading_costs_the_same_for_one_and_for_three_comments(
    alice, bob, carol, mei, noodles, article, django_assert_num_queries
):
    def read():
        found = queries.publishing.article_for(alice, article.public_id)
        queries.publishing.reception_of(found, alice)
        shown = queries.publishing.comments_on(found, alice)
        return [(c.author.name, c.author.avatar_url, c.text) for c in shown]

    def comment(reader):
        said = publishing.comment_article(reader=reader, article_id=article.public_id, text="Hi")
        publishing.select_comment(official=noodles, actor=mei, comment_id=said.public_id)

    comment(alice)
    with django_assert_num_queries(4):
        assert len(read()) == 1
    comment(bob)
    comment(carol)
    with django_assert_num_queries(4):
        assert len(read()) == 3
    assert not ArticleLike.objects.exists()
