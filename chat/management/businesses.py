"""Three businesses of the demo world, their followers, and what they said. All through the actions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accounts import actions as people
from accounts import queries as known
from accounts.actions import Papers
from accounts.models import Account, OfficialAccount, Person
from chat import actions
from chat.management import press

PICTURES = Path(__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class Business:
    owner: str
    name: str
    kind: str
    category: str
    intro: str
    region: str
    company: str
    picture: str
    menu: list[dict[str, Any]]
    welcome: str
    words: list[tuple[str, str]]
    followers: list[str]
    # Staff by key and role, and a short talk: what a follower asks, and the answer.
    staff: tuple[str, str]
    asked: tuple[str, str, str]


def _view(name: str, url: str) -> dict[str, Any]:
    return {"type": "view", "name": name, "url": url}


def _say(name: str, text: str) -> dict[str, Any]:
    return {"type": "text", "name": name, "value": text}


BUSINESSES = [
    Business(
        "hana", "Mei Noodles 梅家面馆", "service", "food",
        "Hand-pulled noodles since 1987. Open every day from 11 to 22.", "杭州",
        "Mei Noodles Ltd", "noodles.jpg",
        [
            _say("今日菜单", "牛肉面 Beef noodles · 28\n葱油拌面 Scallion noodles · 18\n小笼包 Dumplings · 22"),
            {
                "name": "Visit us",
                "sub_button": [
                    _say("Hours", "11:00 to 22:00, every day."),
                    _view("Find us", "https://example.com/mei-noodles"),
                ],
            },
        ],
        "欢迎! Welcome to Mei Noodles. Tap 今日菜单 below for today's dishes.",
        [("hours", "We are open from 11:00 to 22:00."), ("营业", "每天 11:00 到 22:00 营业。")],
        ["sam", "wei", "mira", "aiko", "priya"], ("wei", "operator"),
        ("sam", "Can I book a table for six tonight?", "Of course. At seven, by the window?"),
    ),
    Business(
        "grace", "Dr Lin Clinic", "service", "health",
        "Family doctor. Appointments, test results and advice.", "New York",
        "Lin Family Practice LLC", "",
        [
            _say("Hours", "Monday to Friday, 9:00 to 17:00. Emergencies: call your local number."),
            {"type": "click", "name": "Appointment", "key": "APPOINTMENT"},
        ],
        "Thank you for following Dr Lin. Write to us and the front desk answers within the day.",
        [("appointment", "Tell us your name and two times that suit you.")],
        ["sam", "noah", "priya"], ("noah", "operator"),
        ("priya", "Are my results back?", "They are, and all is well. Dr Lin will call you."),
    ),
    Business(
        "tomas", "Leaf & Kettle Tea", "subscription", "shopping",
        "Small-farm teas. Orders before 14:00 leave the same day.", "Sevilla",
        "Leaf & Kettle S.L.", "latte.jpg",
        [_view("Our teas", "https://example.com/teas"), _say("Brewing", "3 g, 80 °C, 2 minutes.")],
        "Welcome! Every week one tea and the people who grow it.",
        [],
        ["sam", "mira", "layla", "jonas"], ("elena", "admin"),
        ("mira", "Which green tea for beginners?", "Try the first flush: soft, and hard to spoil."),
    ),
]  # fmt: skip


def open_businesses(accounts: dict[str, Account], reviewer: Person) -> None:
    """Make those that do not exist yet."""
    for told in BUSINESSES:
        owner = accounts[told.owner]
        if not known.owned_by(owner).exists():
            official = _published(told, owner, reviewer)
            _run(told, official, owner, accounts)
        found = known.owned_by(owner).filter(account__name=told.name, status="approved").first()
        if found is not None and press.is_silent(found):
            press.publish(told.owner, found, accounts, second=told.staff[0])


def _published(told: Business, owner: Account, reviewer: Person) -> OfficialAccount:
    official = people.apply_official(
        owner=owner,
        name=told.name,
        kind=told.kind,
        category=told.category,
        intro=told.intro,
        region=told.region,
    )
    papers = Papers(
        legal_name=told.company,
        licence_no=f"DEMO-{owner.pk:06}",
        contact_name=owner.name,
        contact_phone="+442071838750",
        contact_email=owner.person.email or "",
        settlement_holder=told.company,
        settlement_bank="Demo Bank",
        settlement_number="DEMO 0000 0001",
    )
    people.fill_papers(official=official, actor=owner, papers=papers)
    if told.picture:
        picture = (PICTURES / told.picture).read_bytes()
        people.set_official_avatar(official=official, actor=owner, picture=picture)
    people.submit_official(official=official, actor=owner)
    return people.approve_official(official=official, staff=reviewer)


def _run(
    told: Business, official: OfficialAccount, owner: Account, accounts: dict[str, Account]
) -> None:
    place: dict[str, Any] = {"official": official, "actor": owner}
    people.save_menu_draft(**place, buttons=told.menu)
    people.publish_menu(**place)
    people.add_auto_reply(**place, trigger="follow", replies=[{"text": told.welcome}])
    for word, answer in told.words:
        people.add_auto_reply(
            **place,
            trigger="keyword",
            title=word,
            keywords=[{"text": word, "is_exact": False}],
            replies=[{"text": answer}],
        )
    tag = people.make_tag(**place, name="Regulars")
    people.make_poster_code(**place, place="Door")
    follows = [
        people.follow_official(person=accounts[key], official=official, source="search")
        for key in told.followers
    ]
    people.tag_followers(
        official=official, number=tag.number, openids=[follow.openid for follow in follows[:2]]
    )
    helper, role = told.staff
    invitation = people.invite_staff(**place, role=role)
    people.accept_staff_invitation(person=accounts[helper], token=invitation.token)
    _talk(told, official, owner, accounts)


def _talk(
    told: Business, official: OfficialAccount, owner: Account, accounts: dict[str, Account]
) -> None:
    who, question, answer = told.asked
    chat = actions.open_service(viewer=accounts[who], official=official)
    actions.send_message(
        author=accounts[who],
        conversation_id=chat.public_id,
        client_id=f"demo-asked-{official.pk}",
        text=question,
    )
    follow = known.follow_of(accounts[who], official)
    assert follow is not None
    actions.speak_as(
        official=official,
        follow=follow,
        voice=actions.Voice(staff=owner),
        client_id=f"demo-answer-{official.pk}",
        text=answer,
    )
