"""The code each kind of visitor gets from each page, in the order of world.VISITORS:
anonymous, stranger, friend, member, removed, owner, staff."""

from datetime import timedelta

from django.utils import timezone

from tests.permissions.between import BETWEEN_FORMS, BETWEEN_PAGES
from tests.permissions.official import OFFICIAL_FORMS, OFFICIAL_PAGES
from tests.permissions.purse import PURSE_FORMS, PURSE_PAGES
from tests.permissions.rules import Rule, listed
from tests.permissions.saving import SAVING_FORMS, SAVING_PAGES
from tests.permissions.wechat import WECHAT_FORMS, WECHAT_PAGES

SOON = f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"

EVERYBODY = "200 200 200 200 200 200 200"
AWAY = "302 302 302 302 302 302 302"  # to where it leads, or to the sign-in page
MEMBERS = "302 200 200 200 200 200 200"
GUESTS = "200 302 302 302 302 302 302"  # those who are in are sent on
ABSENT = "302 404 404 404 404 404 404"  # of a second factor nobody here has set up
OWN = "302 404 404 404 404 200 404"
OWN_POST = "302 404 404 404 404 302 404"
BOOK = "302 404 200 200 200 404 404"  # of a contact: Alice is in three of their lists
BOOK_POST = "302 404 302 302 302 404 404"
CHAT = "302 404 404 200 200 200 404"  # whoever was removed reads what was said before
CHAT_POST = "302 404 404 302 302 302 404"
ACTIVE = "302 404 404 200 403 200 404"
ACTIVE_POST = "302 404 404 302 403 302 404"
LEADERS = "302 404 404 403 403 302 404"

PAGES = [
    *PURSE_PAGES,
    *OFFICIAL_PAGES,
    *WECHAT_PAGES,
    *BETWEEN_PAGES,
    *SAVING_PAGES,
    Rule("chat:with", "302 200 302 200 200 200 200"),  # her friend has a chat with her already
    *listed(
        EVERYBODY,
        "manifest service-worker offline gallery javascript-catalog account_inactive"
        " account_reset_password account_password_reset_completed api-schema api-docs healthz"
        " readyz metrics accounts:qr-login-wait accounts:qr-login-status accounts:sandbox-inbox",
    ),
    *listed(
        AWAY,
        "home set_language usersessions_list account_email_verification_sent account_set_password"
        " account_confirm_login_code account_verify_phone account_confirm_password_reset_code"
        " account_complete_password_reset mfa_authenticate mfa_reauthenticate mfa_activate_totp"
        " mfa_generate_recovery_codes mfa_add_webauthn mfa_reauthenticate_webauthn"
        " mfa_remove_webauthn mfa_edit_webauthn mfa_login_webauthn chat:self",
    ),
    *listed(GUESTS, "account_login account_signup account_request_login_code accounts:card"),
    *listed(ABSENT, "mfa_deactivate_totp mfa_view_recovery_codes mfa_download_recovery_codes"),
    *listed(
        MEMBERS,
        "account_logout account_reauthenticate account_email account_change_password"
        " account_change_phone mfa_index mfa_list_webauthn",
    ),
    *listed(
        MEMBERS,
        "me profile handle avatar cover qr settings settings-language settings-finding"
        " settings-privacy settings-chats settings-theme settings-security settings-devices"
        " settings-tokens settings-blocked contacts find requests tags person ask block scan"
        " qr-login",
        app="accounts",
    ),
    *listed("401 200 200 200 200 200 200", "accounts:picture"),
    *listed(OWN, "request tag tag-rename", app="accounts"),
    *listed(BOOK, "contact contact-edit contact-delete", app="accounts"),
    *listed(
        MEMBERS,
        "inbox new unread switch search greetings archive favourites stickers sticker"
        " scheduled preview join",
        app="chat",
    ),
    *listed(OWN, "favourite scheduled-one export", app="chat"),
    *listed("302 404 200 404 404 404 404", "chat:invitation"),
    *listed("302 404 200 200 404 200 404", "chat:picture"),  # Finn is invited
    *listed(
        CHAT,
        "thread rows row report message remind merged info search-in media exports members pick"
        " file thumb",
        app="chat",
    ),
    Rule("chat:forward", CHAT, query="?seqs={seq}"),
    *listed(
        ACTIVE,
        "add add-members rename set-picture announcement group-code join-requests",
        app="chat",
    ),
]

# What changes something. A page that also answers GET stands here again with what it takes.
FORMS = [
    *PURSE_FORMS,
    *OFFICIAL_FORMS,
    *WECHAT_FORMS,
    *BETWEEN_FORMS,
    *SAVING_FORMS,
    *listed(
        AWAY,
        "avatar-remove cover-remove qr-reset devices-end requests-seen unblock qr-login-start"
        " qr-login-claim qr-login-withdraw",
        app="accounts",
        body={},
    ),
    *listed(OWN_POST, "device-end token-revoke request-ignore tag-delete", app="accounts", body={}),
    Rule("accounts:request", OWN_POST, {"remark": "Harry"}),
    Rule("accounts:tag", OWN_POST, {"sent": "yes"}),
    Rule("accounts:tag-rename", OWN_POST, {"name": "Friends"}),
    *listed(BOOK_POST, "contact-mark contact-delete", app="accounts", body={}),
    Rule("accounts:contact-edit", BOOK_POST, {"remark": "Ally", "phones": "", "note": ""}),
    Rule("accounts:block", "302 302 302 302 302 400 302", {}),  # nobody blocks themselves
    Rule("accounts:qr-login-scanned", MEMBERS, {}),
    Rule("accounts:qr-login-answer", AWAY, {"answer": "confirm"}),
    Rule("accounts:sandbox-sign-in", "404 404 404 404 404 404 404", {}),  # Alice is no demo person
    Rule("chat:drop-sticker", AWAY, {}),
    Rule("chat:favourite", OWN_POST, {"verb": "drop"}),
    Rule("chat:scheduled-one", OWN_POST, {"verb": "cancel"}),
    Rule("chat:with", "302 403 302 302 302 302 403", {}),
    Rule("chat:join", "302 302 302 200 302 200 302", {"text": "hello"}),
    Rule("chat:invitation", "302 404 302 404 404 404 404", {"verb": "accept"}),
    Rule("chat:do", CHAT_POST, {"verb": "pin"}),
    Rule("chat:draft", "302 404 404 204 204 204 404", {"text": "Dear"}),
    Rule("chat:act", CHAT_POST, {"verb": "keep"}),
    Rule("chat:act", "302 404 404 403 403 302 404", {"verb": "recall"}),
    Rule("chat:act", ACTIVE_POST, {"verb": "react:👍"}),
    Rule("chat:delete", CHAT_POST, {"seqs": "{seq}"}),
    Rule("chat:remind", CHAT_POST, {"due_at": SOON}),
    Rule("chat:report", CHAT, {"category": "spam"}),
    Rule("chat:exports", CHAT_POST, {}),
    Rule("chat:thread", ACTIVE_POST, {"text": "hi", "client_id": "matrix"}),
    Rule("chat:pat", "302 404 404 204 403 204 404", {"account": "{account_id}"}),
    Rule("chat:add", ACTIVE_POST, {"lat": "1", "lng": "2", "client_id": "matrix"}),
    Rule(
        "chat:forward",
        ACTIVE_POST,
        {"seqs": "{seq}", "conversation": "{conversation_id}", "client_id": "matrix"},
    ),
    Rule("chat:add-members", ACTIVE_POST, {"text": "because"}),
    Rule("chat:rename", ACTIVE_POST, {"text": "Tea club"}),
    Rule("chat:announcement", "302 404 404 200 403 302 404", {"text": "At seven"}),
    Rule(
        "chat:join-requests",
        LEADERS,
        {"verb": "approve", "join": "{chat-api:join-request:join_id}"},
    ),
    *[
        Rule("chat:lead", LEADERS, {"verb": verb, "account": "{account_id}"})
        for verb in ("ask-approval", "disband")
    ],
    Rule("chat:lead", ACTIVE_POST, {"verb": "leave"}),
]
