"""Doors for programs: a session is nothing to them, a token everything. Without one all get the same."""

from tests.permissions.rules import Rule, listed

ANSWERED = "200 200 200 200 200 200 200"

WECHAT_PAGES = [
    *listed(
        ANSWERED,
        "token callback-addresses ticket menu-get menu-delete user-get user-info tag-get unknown",
        app="wechat",
    ),
    Rule("wechat:qrcode-show", ANSWERED, query="?ticket={ticket}"),
]
WECHAT_FORMS = listed(
    ANSWERED,
    "stable-token menu-create user-infos user-remark tag-members tag-create tag-update tag-delete"
    " tag-add tag-remove tags-of qrcode-create",
    app="wechat",
    body={},
)
