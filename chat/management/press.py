"""What the three businesses of the demo world publish: articles, a page, one broadcast each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accounts import queries as known
from accounts.actions import publishing
from accounts.models import Account, OfficialAccount

PICTURES = Path(__file__).parent / "demo"
Blocks = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Press:
    """By the name of the account's owner: an article, and perhaps a page among its tabs."""

    title: str
    summary: str
    author: str
    picture: str
    blocks: Blocks
    # Heading of the page and its blocks.
    page: tuple[str, str, Blocks] | None = None


def _text(text: str) -> dict[str, str]:
    return {"kind": "text", "text": text}


def _heading(text: str) -> dict[str, str]:
    return {"kind": "heading", "text": text}


PRESS = {
    "hana": Press(
        "How we pull our noodles · 手工拉面", "Flour, water, salt, and thirty seconds.", "Hana",
        "noodles.jpg",
        [
            _text("We begin at five. The dough rests for **two hours**, no less: 面要醒透。"),
            _heading("Four folds"),
            _text("Every fold doubles the strands.\n\n- One fold: two\n- Seven folds: 128"),
            {"kind": "quote", "text": "Good noodles are heard before they are tasted."},
            {"kind": "button", "text": "See the menu", "url": "https://example.com/mei-noodles"},
        ],
        (
            "menu", "Menu 菜单",
            [
                _heading("面 Noodles"),
                _text("- 牛肉面 Beef noodles · 28\n- 葱油拌面 Scallion noodles · 18"),
                _heading("点心 Small plates"),
                _text("- 小笼包 Dumplings · 22"),
            ],
        ),
    ),
    "grace": Press(
        "Getting through the flu season", "When to rest, when to call us.", "Dr Lin", "",
        [
            _text("Most people are well again within a week. *Rest and drink enough.*"),
            _heading("Call us when"),
            _text("- the fever lasts more than three days\n- you are short of breath"),
        ],
    ),
    "tomas": Press(
        "First flush: the tea of this week", "Picked in March, gone by May.", "Tomás", "latte.jpg",
        [
            _text("Light, flowery, and **hard to spoil**. Three grams, 80 °C, two minutes."),
            {"kind": "button", "text": "Our teas", "url": "https://example.com/teas"},
        ],
    ),
}  # fmt: skip


def is_silent(official: OfficialAccount) -> bool:
    """Whether nothing was published yet."""
    return not known.publishing.articles_of(official).exists()


def publish(
    owner: str, official: OfficialAccount, accounts: dict[str, Account], second: str
) -> None:
    """An article, sent to all followers once a second person has agreed."""
    told, actor = PRESS[owner], accounts[owner]
    place: dict[str, Any] = {"official": official, "actor": actor}
    cover = ""
    if told.picture:
        data = (PICTURES / told.picture).read_bytes()
        cover = publishing.add_picture(**place, picture=data, name=told.title).public_id
    manuscript = publishing.Manuscript(
        title=told.title,
        summary=told.summary,
        author=told.author,
        cover=cover,
        blocks=told.blocks,
        is_original=True,
    )
    article = publishing.write_article(**place, manuscript=manuscript)
    publishing.publish_article(**place, article_id=article.public_id)
    if told.page:
        slug, title, blocks = told.page
        page = publishing.make_page(**place, title=title, slug=slug, blocks=blocks, is_tab=True)
        publishing.publish_page(**place, page_id=page.public_id)
    message = publishing.Message(articles=[article.public_id])
    sent = publishing.compose_broadcast(**place, message=message, client_id="demo").public_id
    publishing.submit_broadcast(**place, broadcast_id=sent)
    agreed = publishing.approve_broadcast(
        official=official, actor=accounts[second], broadcast_id=sent
    )
    publishing.send_broadcast(broadcast_id=agreed.pk)
