"""Followers, tags, codes and the menu, as a program of the shop reads and changes them."""

import pytest

from accounts import actions, queries
from tests.official.businesses import publish

STRANGER = "oNoSuchUserAtAll000000000000"
MENU = {
    "button": [
        {"type": "click", "name": "今日", "key": "TODAY"},
        {
            "name": "更多",
            "sub_button": [{"type": "view", "name": "Map", "url": "https://example.com/?a=1&b=2"}],
        },
    ]
}


def test_bob_is_on_the_list_and_the_list_ends(program, bobs):
    page = program.ask("GET", "user/get")
    assert page == {
        "total": 1,
        "count": 1,
        "data": {"openid": [bobs.openid]},
        "next_openid": bobs.openid,
    }
    assert program.ask("GET", "user/get", next_openid=bobs.openid) == {
        "total": 1,
        "count": 0,
        "next_openid": "",
    }


def test_what_a_program_reads_of_bob(program, bob, bobs):
    found = program.ask("GET", "user/info", openid=bobs.openid, lang="en")
    assert (found["subscribe"], found["openid"], found["language"]) == (1, bobs.openid, "en")
    assert found["subscribe_time"] == int(bobs.followed_at.timestamp())
    assert bob.name not in str(found)
    actions.unfollow_official(person=bob, official=program.official)
    left = program.ask("GET", "user/info", openid=bobs.openid)
    assert left == {"subscribe": 0, "openid": bobs.openid, "unionid": bobs.unionid}


def test_another_shop_does_not_know_bob(program, bobs, carol, root, client):
    other = publish(carol, "Carol's Cakes", root)
    program.official = other
    program.secret = actions.reset_program_secret(official=other, actor=carol)
    program.token = program.fetch()["access_token"]
    assert program.code("GET", "user/info", openid=bobs.openid) == 40003
    assert program.ask("GET", "user/get")["total"] == 0
    body = {"openid": bobs.openid, "remark": "spy"}
    assert program.code("POST", "user/info/updateremark", body) == 40003


def test_many_at_once(program, bobs):
    body = {"user_list": [{"openid": bobs.openid, "language": "en"}]}
    (found,) = program.ask("POST", "user/info/batchget", body)["user_info_list"]
    assert found["openid"] == bobs.openid
    body = {"user_list": [{"openid": bobs.openid}] * 101}
    assert program.code("POST", "user/info/batchget", body) == 40032
    assert (
        program.code("POST", "user/info/batchget", {"user_list": [{"openid": STRANGER}]}) == 40003
    )


def test_a_remark_comes_back(program, bobs):
    body = {"openid": bobs.openid, "remark": "老顾客"}
    assert program.code("POST", "user/info/updateremark", body) == 0
    assert program.ask("GET", "user/info", openid=bobs.openid)["remark"] == "老顾客"
    assert program.code("POST", "user/info/updateremark", {**body, "remark": "x" * 31}) == 40097


def test_a_tag_from_beginning_to_end(program, bobs):
    tag = program.ask("POST", "tags/create", {"tag": {"name": "常客"}})["tag"]
    assert tag == {"id": 100, "name": "常客"}
    assert program.code("POST", "tags/create", {"tag": {"name": "常客"}}) == 45157
    many = {"tagid": str(tag["id"]), "openid_list": [bobs.openid]}
    assert program.code("POST", "tags/members/batchtagging", many) == 0
    assert {"id": 100, "name": "常客", "count": 1} in program.ask("GET", "tags/get")["tags"]
    assert program.ask("POST", "tags/getidlist", {"openid": bobs.openid}) == {"tagid_list": [100]}
    assert program.ask("POST", "user/tag/get", {"tagid": 100, "next_openid": ""}) == {
        "count": 1,
        "data": {"openid": [bobs.openid]},
        "next_openid": bobs.openid,
    }
    assert program.ask("GET", "user/info", openid=bobs.openid)["tagid_list"] == [100]
    assert program.code("POST", "tags/update", {"tag": {"id": 100, "name": "熟客"}}) == 0
    assert program.code("POST", "tags/members/batchuntagging", many) == 0
    empty = program.ask("POST", "user/tag/get", {"tagid": 100})
    assert empty == {"count": 0, "next_openid": ""}
    assert program.code("POST", "tags/delete", {"tag": {"id": 100}}) == 0
    assert program.code("POST", "tags/delete", {"tag": {"id": 100}}) == 45159


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("tags/create", {"tag": {"name": "x" * 31}}, 45158),
        ("tags/create", {"tag": "x"}, 40097),
        ("tags/create", "", 44002),
        ("tags/create", "{not json", 47001),
        ("tags/create", "[1]", 47001),
        ("tags/update", {"tag": {"id": 2, "name": "new"}}, 45058),
        ("tags/delete", {"tag": {"id": True}}, 40097),
        ("tags/members/batchtagging", {"tagid": 99999, "openid_list": [STRANGER]}, 45159),
        ("tags/members/batchtagging", {"tagid": 2, "openid_list": [STRANGER]}, 40003),
        ("tags/members/batchtagging", {"tagid": 2, "openid_list": [STRANGER] * 51}, 40032),
        ("menu/create", {"button": []}, 40016),
        ("menu/create", {"button": [MENU["button"][0]] * 4}, 40016),
        ("menu/create", {"button": [{"name": "m", "sub_button": [MENU["button"][0]] * 6}]}, 40023),
        ("menu/create", {"button": [{"type": "nope", "name": "n", "key": "k"}]}, 40017),
        ("menu/create", {"button": [{"type": "click", "name": "n"}]}, 40019),
        ("qrcode/create", {"action_name": "QR_WHAT", "action_info": {"scene": {}}}, 40053),
        ("qrcode/create", {"action_name": "QR_SCENE", "action_info": 1}, 40097),
        (
            "qrcode/create",
            {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}},
            40053,
        ),
    ],
)
def test_bad_input_has_its_code_and_changes_nothing(program, path, body, code):
    actions.tag_followers(official=program.official, number=2, openids=[])
    assert program.code("POST", path, body) == code
    assert queries.menu_of(program.official) == {}
    assert [tag["id"] for tag in program.ask("GET", "tags/get")["tags"]] == [2]


def test_a_menu_comes_back_as_it_was_sent(program):
    assert program.code("GET", "menu/get") == 46003
    assert program.code("POST", "menu/create", MENU) == 0
    first, second = program.ask("GET", "menu/get")["menu"]["button"]
    assert first == {**MENU["button"][0], "sub_button": []}
    assert second["sub_button"] == [{**MENU["button"][1]["sub_button"][0], "sub_button": []}]
    assert program.code("POST", "menu/create", {"button": [MENU["button"][0]] * 4}) == 40016
    assert program.ask("GET", "menu/get")["menu"]["button"][0]["name"] == "今日"
    assert program.code("GET", "menu/delete") == 0
    assert program.code("GET", "menu/get") == 46003


def test_a_code_for_a_table(program, client, bob):
    body = {
        "action_name": "QR_STR_SCENE",
        "expire_seconds": 60,
        "action_info": {"scene": {"scene_str": "桌号_12"}},
    }
    made = program.ask("POST", "qrcode/create", body)
    assert made["expire_seconds"] == 60
    assert made["url"].endswith(f"/q/{made['ticket']}/")
    picture = client.get("/cgi-bin/showqrcode", {"ticket": made["ticket"]})
    assert picture["Content-Type"] == "image/png"
    assert client.get("/cgi-bin/showqrcode", {"ticket": "nosuch"}).status_code == 404
    scene = queries.scene_by_ticket(made["ticket"])
    follow = actions.scan_scene(person=bob, scene=scene)
    found = program.ask("GET", "user/info", openid=follow.openid)
    assert (found["qr_scene_str"], found["subscribe_scene"]) == ("桌号_12", "ADD_SCENE_QR_CODE")


def test_a_permanent_code_has_no_end(program):
    body = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": "7"}}}
    made = program.ask("POST", "qrcode/create", body)
    assert set(made) == {"ticket", "url"}
    assert program.ask("POST", "qrcode/create", body)["ticket"] == made["ticket"]
