"""The demo world: who is in it, and what they said. Times are minutes before now.

Everything here goes through the actions, like anything that people do.
"""

from dataclasses import dataclass, field

DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Who:
    key: str
    name: str
    handle: str
    language: str
    zone: str
    region: str = ""
    signature: str = ""


PEOPLE = [
    Who("sam", "Sam Adeyemi", "sam_adeyemi", "en", "Europe/London", "London", "Slow mornings"),
    Who("mira", "Mira Okafor", "mira_okafor", "en", "Europe/London", "London", "Plants, mostly"),
    Who("wei", "陈伟", "chenwei88", "zh-hans", "Asia/Shanghai", "上海", "好好吃饭"),
    Who("hana", "王小明", "wangxiaoming", "zh-hans", "Asia/Shanghai", "杭州", "喝茶去"),
    Who("layla", "ليلى حداد", "layla_haddad", "ar", "Asia/Beirut", "بيروت"),
    Who("jonas", "Jonas Lindqvist", "jonas_lind", "en", "Europe/Stockholm", "Stockholm"),
    Who("aiko", "Aiko Tanaka", "aiko_tanaka", "en", "Asia/Tokyo", "Tokyo", "Running late"),
    Who("tomas", "Tomás Rivera", "tomas_rivera", "en", "Europe/Madrid", "Sevilla"),
    Who("priya", "Priya Nair", "priya_nair", "en", "Asia/Kolkata", "Kochi"),
    Who("grace", "Grace Kim", "grace_kim", "en", "America/New_York", "New York"),
    Who("noah", "Noah Becker", "noah_becker", "en", "Europe/Berlin", "Berlin"),
    Who("omar", "Omar Farouk", "omar_farouk", "en", "Africa/Cairo", "Cairo"),
    Who("elena", "Elena Novak", "elena_novak", "en", "Europe/Prague", "Prague"),
]

FRIENDS = [
    ("sam", "mira"), ("sam", "wei"), ("sam", "layla"), ("sam", "jonas"), ("sam", "aiko"),
    ("sam", "tomas"), ("sam", "priya"), ("sam", "hana"), ("sam", "grace"),
    ("mira", "wei"), ("mira", "layla"), ("mira", "aiko"), ("mira", "jonas"), ("mira", "tomas"),
    ("wei", "hana"), ("wei", "aiko"), ("wei", "priya"), ("layla", "priya"), ("layla", "omar"),
    ("jonas", "noah"), ("jonas", "tomas"), ("grace", "noah"), ("grace", "priya"), ("aiko", "hana"),
]  # fmt: skip

# Elena asks Sam to be friends; Omar, who shares a group with Sam, says hello.
REQUEST = ("elena", "sam", "We met at Mira's birthday")


@dataclass(frozen=True, slots=True)
class Say:
    """One message: who, how many minutes ago, and what. `quote` counts lines back in this chat."""

    who: str
    ago: float
    text: str = ""
    quote: int = 0
    picture: str = ""
    place: tuple[float, float, str] | None = None
    contact: str = ""
    mentions: tuple[str, ...] = ()
    reactions: tuple[tuple[str, str], ...] = field(default=())
    is_recalled: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A chat: two people, or an owner with members under a title."""

    people: tuple[str, ...]
    lines: list[Say]
    title: str = ""
    announcement: str = ""
    readers: tuple[str, ...] = ()


TALKS = [
    Talk(
        ("mira", "sam", "wei", "layla", "jonas", "aiko", "tomas"),
        title="Saturday Supper Club",
        announcement="Supper on Saturday, 19:30 at the Old Harbour. Bring one dish each.",
        readers=("mira", "wei", "layla", "jonas", "aiko", "tomas"),
        lines=[
            Say("layla", 2 * DAY + 60, "Hotpot this week? I found a place by the Old Harbour that lets you bring your own dumplings 🥟"),
            Say("layla", 2 * DAY + 58, picture="hotpot.jpg", reactions=(("sam", "❤️"), ("aiko", "❤️"), ("wei", "👍"))),
            Say("wei", 2 * DAY + 51, "好主意！我七点以后有空"),
            Say("sam", 2 * DAY + 48, "7:30 then. I'll book a table for six and order the birthday noodles.", quote=1),
            Say("jonas", 2 * DAY + 30, "I can bring the good chilli oil. Wei, is your dad coming?"),
            Say("wei", 2 * DAY + 28, "爸爸说他想来，还要带他的拿手菜"),
            Say("mira", DAY + 400, place=(31.2397, 121.4998, "Old Harbour Kitchen")),
            Say("tomas", DAY + 380, "Running ten minutes late, start the broth without me."),
            Say("mira", DAY + 372, "wrong group, sorry", is_recalled=True),
            Say("aiko", DAY + 350, picture="lanterns.jpg"),
            Say("sam", 190, "And thank you for queueing for us, @Jonas Lindqvist 🙏", mentions=("jonas",)),
            Say("layla", 64, "أراكم هناك إن شاء الله 🌙"),
            Say("aiko", 62, "I want to go to there. Right now.", quote=2),
            Say("aiko", 61, "🎉🍜🥢"),
            Say("mira", 40, "@Sam Adeyemi can you pick up ice on the way?", mentions=("sam",)),
        ],
    ),
    Talk(
        ("sam", "mira"),
        readers=("mira",),
        lines=[
            Say("sam", 3 * DAY, "Did the seedlings survive the weekend?"),
            Say("mira", 3 * DAY - 4, "All but one. The basil is thriving, it has opinions about the window."),
            Say("mira", 3 * DAY - 3, picture="mountains.jpg"),
            Say("sam", 2 * DAY + 700, "That is not a seedling.", quote=1, reactions=(("mira", "😂"),)),
            Say("mira", 52, "Happy birthday week!"),
        ],
    ),
    Talk(
        ("sam", "wei"),
        readers=("sam", "wei"),
        lines=[
            Say("wei", DAY + 700, "上次你说的那家咖啡店叫什么名字？"),
            Say("sam", DAY + 690, "Harbour Roast. Try the oat latte ☕"),
            Say("sam", DAY + 689, picture="latte.jpg"),
            Say("wei", 280, "好主意！我七点以后有空"),
        ],
    ),
    Talk(
        ("wei", "hana"),
        readers=("wei", "hana"),
        lines=[
            Say("hana", 2 * DAY, "爸爸的红烧肉太好吃了，菜谱可以给我吗？"),
            Say("wei", 2 * DAY - 6, "他说秘诀是冰糖和耐心 😂"),
            Say("hana", 2 * DAY - 7, "那我先去买冰糖"),
            Say("wei", 500, "春节一起包饺子吧"),
            Say("hana", 495, "一言为定！"),
        ],
    ),
    Talk(
        ("sam", "jonas"),
        readers=("sam", "jonas"),
        lines=[
            Say("jonas", DAY + 60, "Concert tickets are booked, row 12."),
            Say("sam", DAY + 55, "You are a hero. How much do I owe you?"),
            Say("jonas", DAY + 50, "Let's settle it on Saturday."),
            Say("sam", 300, contact="aiko"),
        ],
    ),
    Talk(
        ("sam", "layla"),
        readers=("layla",),
        lines=[
            Say("sam", DAY + 900, "Is the bakery open on Sunday?"),
            Say("layla", DAY + 890, "نعم، من الثامنة صباحًا"),
            Say("layla", DAY + 889, "From eight. Go early, the za'atar ones vanish."),
        ],
    ),
    Talk(
        ("grace", "sam", "noah", "priya", "omar"),
        title="Portside Parents 🎒",
        readers=("grace", "noah", "priya", "omar"),
        lines=[
            Say("grace", DAY + 200, "Reminder: the school fair needs two more bakers."),
            Say("priya", DAY + 190, "I can do banana bread."),
            Say("omar", DAY + 180, "And I bring the table."),
            Say("grace", 230, "@Sam Adeyemi who can drive on Friday?", mentions=("sam",)),
        ],
    ),
    Talk(("sam", "tomas"), readers=("sam",), lines=[Say("tomas", 4 * DAY, "Save me a seat by the window.")]),
    Talk(("sam", "priya"), readers=("sam",), lines=[
        Say("priya", 5 * DAY, "The photos from Kochi are here: https://example.org/kochi"),
        Say("priya", 5 * DAY - 1, picture="noodles.jpg"),
    ]),
]  # fmt: skip

GREETING = Say(
    "omar", 35, "Hi Sam, Omar from the school fair. Could you send me the shopping list?"
)
DRAFT = ("sam", "jonas", "Could you send me the")
MUTED = ("sam", "Portside Parents 🎒")
PINNED = ("sam", "Saturday Supper Club")
TAGS = {"sam": {"Close": ["mira", "wei"], "Work": ["priya", "grace"]}}
REMARKS = {"sam": {"wei": "Wei (uni)"}}
SCHEDULED = ("sam", "mira", "Call me when you land ✈️", 3 * DAY)
