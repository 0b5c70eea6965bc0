"""/cgi-bin/… and /sns/…, without trailing slashes: a redirect would lose what was posted."""

from django.urls import path, re_path

from accounts.wechat import codes, media, menus, signing_in, tags, templates, tokens, users

app_name = "wechat"
urlpatterns = [
    path("token", tokens.token, name="token"),
    path("stable_token", tokens.stable_token, name="stable-token"),
    path("getcallbackip", tokens.callback_addresses, name="callback-addresses"),
    path("ticket/getticket", tokens.ticket, name="ticket"),
    path("menu/create", menus.create_menu, name="menu-create"),
    path("menu/get", menus.get_menu, name="menu-get"),
    path("menu/delete", menus.delete_menu, name="menu-delete"),
    path("user/get", users.followers, name="user-get"),
    path("user/info", users.info, name="user-info"),
    path("user/info/batchget", users.infos, name="user-infos"),
    path("user/info/updateremark", users.remark, name="user-remark"),
    path("user/tag/get", tags.members, name="tag-members"),
    path("tags/create", tags.create_tag, name="tag-create"),
    path("tags/get", tags.list_tags, name="tag-get"),
    path("tags/update", tags.rename_tag, name="tag-update"),
    path("tags/delete", tags.delete_tag, name="tag-delete"),
    path("tags/members/batchtagging", tags.tag_members, name="tag-add"),
    path("tags/members/batchuntagging", tags.untag_members, name="tag-remove"),
    path("tags/getidlist", tags.tags_of_member, name="tags-of"),
    path("qrcode/create", codes.create_code, name="qrcode-create"),
    path("showqrcode", codes.show_code, name="qrcode-show"),
    path("media/upload", media.upload, name="media-upload"),
    path("media/uploadimg", media.upload_picture, name="media-picture"),
    path("media/get", media.fetch, name="media-get"),
    path("template/api_set_industry", templates.set_industry, name="template-set-industry"),
    path("template/get_industry", templates.get_industry, name="template-industry"),
    path("template/api_add_template", templates.add_template, name="template-add"),
    path("template/get_all_private_template", templates.list_templates, name="template-list"),
    path("template/del_private_template", templates.delete_template, name="template-delete"),
    path("message/template/send", templates.send, name="template-send"),
    re_path(r"^(?P<rest>.*)$", tokens.unknown, name="unknown"),
]
# /sns/…: for the account's own site, about one person who signed in there.
sites = (
    [
        path("oauth2/access_token", signing_in.access_token, name="access-token"),
        path("oauth2/refresh_token", signing_in.refresh_token, name="refresh-token"),
        path("userinfo", signing_in.userinfo, name="userinfo"),
        path("auth", signing_in.check, name="auth"),
        re_path(r"^(?P<rest>.*)$", tokens.unknown, name="unknown"),
    ],
    "sites",
)
