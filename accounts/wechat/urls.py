"""/cgi-bin/…, without trailing slashes: a redirect would lose what was posted."""

from django.urls import path, re_path

from accounts.wechat import codes, menus, tags, tokens, users

app_name = "wechat"
urlpatterns = [
    path("token", tokens.token, name="token"),
    path("stable_token", tokens.stable_token, name="stable-token"),
    path("getcallbackip", tokens.callback_addresses, name="callback-addresses"),
    path("ticket/getticket", tokens.ticket, name="ticket"),
    path("menu/create", menus.create, name="menu-create"),
    path("menu/get", menus.get, name="menu-get"),
    path("menu/delete", menus.delete, name="menu-delete"),
    path("user/get", users.followers, name="user-get"),
    path("user/info", users.info, name="user-info"),
    path("user/info/batchget", users.infos, name="user-infos"),
    path("user/info/updateremark", users.remark, name="user-remark"),
    path("user/tag/get", tags.members, name="tag-members"),
    path("tags/create", tags.create, name="tag-create"),
    path("tags/get", tags.get, name="tag-get"),
    path("tags/update", tags.update, name="tag-update"),
    path("tags/delete", tags.delete, name="tag-delete"),
    path("tags/members/batchtagging", tags.tag_members, name="tag-add"),
    path("tags/members/batchuntagging", tags.untag_members, name="tag-remove"),
    path("tags/getidlist", tags.tags_of_member, name="tags-of"),
    path("qrcode/create", codes.create, name="qrcode-create"),
    path("showqrcode", codes.show, name="qrcode-show"),
    re_path(r"^(?P<rest>.*)$", tokens.unknown, name="unknown"),
]
