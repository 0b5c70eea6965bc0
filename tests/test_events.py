"""Old state + what browsers heard = the state fetched anew, for every action and every viewer.

An event that an action forgets shows as a difference: somebody's page would be stale.
"""

import inspect

import msgspec
import pytest

from accounts import actions as people
from accounts.actions import publishing
from chat import actions
from payments import actions as money
from superapp.kernel import push
from tests.events import groups, world
from tests.events import holds as about_holds
from tests.events import money as about_money
from tests.events import official as about_official
from tests.events import people as about_people
from tests.events import publishing as about_publishing
from tests.events import saving as about_saving
from tests.events import wallet as about_wallet
from tests.events.chat import SCENARIOS as CHAT
from tests.events.state import heard, state_of

assert groups.SCENARIOS is CHAT
# What staff of official accounts do to them.
OWNERS = (
    *("add_auto_reply", "change_auto_reply", "delete_auto_reply", "switch_auto_reply_off"),
    *("switch_auto_reply_on", "save_menu_draft", "publish_menu", "replace_menu"),
    *("create_follower_tag", "rename_follower_tag", "delete_follower_tag", "tag_followers"),
    *("untag_followers", "remark_follower", "describe_follower", "make_tag", "drop_tag"),
    *("blacklist_follower", "unblacklist_follower", "make_poster_code", "log_official"),
    *("invite_staff", "withdraw_invitation", "accept_staff_invitation", "change_role"),
    *("remove_staff", "leave_staff", "set_nickname", "attach_licence", "describe_official"),
    *("fill_papers", "set_official_avatar", "submit_official", "withdraw_official"),
    *("set_oauth_domains", "take_template", "give_template_up"),
    *("set_oauth_domains", "save_callback", "drop_callback"),
    *("approve_official", "reject_official", "suspend_official", "rename_official"),
)
# Actions that change nothing a browser of anybody shows, and why.
SILENT = {
    publishing: about_publishing.SILENT,
    people: {
        "assign_tags": "part of other actions, which tell",
        "authenticate_program": "of programs, which read answers and no events",
        "issue_program_token": "likewise",
        "issue_stable_token": "likewise",
        "program_ticket": "likewise",
        "replace_stable_token": "likewise",
        "set_industries": "likewise",
        "forget_pushes": "likewise",
        "on_official_events": "likewise",
        "report_location": "passed on, not kept",
        "voice_ms": "computes",
        "redeem_code": "likewise",
        "refresh_site_sign_in": "likewise",
        "forget_site_sign_ins": "likewise",
        "begin_site_sign_in": "shown by the page that asks",
        "agree_to_site_sign_in": "likewise",
        "add_template": "likewise",
        "delete_template": "likewise",
        "upload_media": "likewise",
        "upload_article_picture": "likewise",
        "keep_sent_media": "likewise",
        "forget_media": "likewise",
        "reset_program_secret": "likewise",
        "cancel_qr_login": "the waiting browser is nobody's yet and asks",
        "claim_qr_login": "likewise",
        "confirm_qr_login": "likewise",
        "scan_qr_login": "likewise",
        "start_qr_login": "likewise",
        "withdraw_qr_login": "likewise",
        "count_code_sent": "a counter",
        "count_code_try": "a counter",
        "count_password_try": "a counter",
        "count_second_factor_try": "a counter",
        "forgive_password_tries": "a counter",
        "forgive_second_factor_tries": "a counter",
        "enrol_person": "has no browser yet",
        "enrol_staff": "has no browser yet",
        "register_person": "has no browser yet",
        "forget_unproved_person": "never had one",
        "set_unproved_phone": "part of signing up",
        "prove_phone": "part of signing up or of a form that shows the number",
        "expire_friend_request": "every read applies the passing of time itself",
        "grant_role": "the console asks at every request",
        "take_role": "likewise",
        "note_token_use": "the time of the last use comes with the page",
        "find_person": "answers its caller",
        "scan_person": "answers its caller",
        "keep_sandbox_letter": "a letter",
        "note_identity": "no page but the wallet says so: its action tells",
        **dict.fromkeys(OWNERS, "the business console asks at every request"),
        "know_person": "part of other actions",
        "open_windows": "of the account's programs",
        "spend_window": "likewise",
        "tell_official": "part of other actions",
        "make_scene": "shown by the page that makes it",
        "checked_menu": "computes",
        "button_at": "computes",
        "leads_away": "computes",
        "answers_to": "computes",
        "answers_to_follow": "computes",
        "apply_official": "shown by the page that makes it",
        "press_menu": "what it says is told by speaking",
        "scan_scene": "see follow_official",
        "on_email": "a letter",
        "on_text": "a letter",
        "send_email": "a letter",
        "mail_file": "a letter",
        "send_text": "a letter",
        "on_expire_request": "a job: see its action",
        "on_forget_unproved": "a job: see its action",
    },
    actions: {
        "ask_preview": "a job: see unfurl",
        "export_chat": "shown by the browser that asks: see build_export",
        "url_in": "computes",
        "may_forward": "computes",
        "may_recall": "computes",
        "close_report": "shown to staff",
        "report_conversation": "shown to staff",
        "report_message": "shown to staff",
        "forget_unsent_uploads": "nobody saw them",
        "upload": "shown by the browser that sends it",
        "make_sticker_pack": "part of the installation",
        "on_account_closing": "a port: see leave_group",
        "on_friendship_formed": "a port: see befriend",
        "on_new_device_seen": "a port: see greet_device",
        "on_template_sent": "see speak_as",
        "on_official_events": "a port: see follow_official",
        "on_article_changed": "a port: see withdraw_article",
        "on_previewed": "a port: see preview_article",
        "on_service_heard": "a port: see send_message",
        "open_pair": "part of other actions",
        "attach_medium": "part of speaking",
        "hand_over": "told to the staff, who look at the business console",
        "tell_staff_of": "likewise",
        "on_program_replied": "a port: see say_for_program",
        "on_program_silent": "a port: see post_notice",
        "say_for_program": "see speak_as",
        "show_program_typing": "keeps nothing",
        "read_as": "told to the staff, who look at the business console",
        "post_notice": "part of other actions",
        "send_messages": "see send_message",
        "tell_person": "part of other actions: see greet_device",
        "show_typing": "keeps nothing",
        "touch": "part of other actions",
    },
}
WALLET_MORE = about_saving.SCENARIOS | about_holds.SCENARIOS
SCENARIOS = {
    people: about_people.SCENARIOS | about_official.PEOPLE,
    publishing: about_publishing.PUBLISHING,
    actions: CHAT | about_official.CHAT | about_publishing.CHAT,
    money: about_money.SCENARIOS | about_wallet.SCENARIOS | WALLET_MORE,
}
# Of money between people; the wallet's own pages are its owner's alone.
BETWEEN = ("transferring", "requesting", "splitting", "packing", "unpacking", "receiving")
SILENT_BETWEEN = {
    "end_request": "every read applies the passing of time itself",
    "end_split": "likewise",
    "own_receive_code": "shown by the page that makes it",
    "renew_receive_code": "likewise",
    "set_receive_amount": "likewise",
    "drop_receive_code": "likewise",
    "on_transfer_paid": "a purpose: see send_transfer",
    "on_transfer_failed": "a bill: see billing",
    "on_transfer_due": "a job: see its action",
    "on_request_paid": "a purpose: see pay_request",
    "on_request_failed": "likewise",
    "on_request_due": "a job: see its action",
    "on_share_paid": "a purpose: see pay_share",
    "on_share_failed": "likewise",
    "on_split_due": "a job: see its action",
    "on_packet_paid": "a purpose: see send_packet",
    "on_packet_failed": "a bill: see billing",
    "on_packet_due": "a job: see its action",
    "on_group_disbanded": "a port: see end_packet",
}
# Of one's own wallet: whole files, and single actions.
SILENT_ROOMS = {
    "auditing": "shown to staff",
    "clock": "moves the sandbox's time, which every read applies",
    "campaigning": "shown by pages that ask: the form of a packet, and chats for their scripts",
    "closing": "a port: see each thing's own action",
    "pay_codes": "shown by the page that asks; what it pays is a transfer",
    "paying": "part of other actions, which tell",
}
SILENT_WALLET = {
    "authorise": "answers its caller",
    "forget_old_auths": "nobody saw them",
    "propose_adjustment": "shown to staff",
    "reject_adjustment": "likewise",
    "ask_soon": "a job: see ask_gateway",
    "on_ask": "likewise",
    "on_answer": "a job: see answer_dispute",
    "look_again": "shown by the browser that asks: see ask_gateway",
    "receive_event": "a job: see on_event",
    "retry_event": "likewise",
    "wallet_of": "makes an empty one, which looks like none",
    "forget_old_comparisons": "shown to staff",
    "on_reconcile": "a job: see reconcile",
    "reconcile_now": "see reconcile",
    "reconcile_soon": "a job: see reconcile",
    "reconcile_days_soon": "likewise",
    "on_standing_due": "a job: see run_standing",
    "wake_standings": "likewise",
    "mail_statement": "a letter",
    "on_mail_statement": "a letter",
    "add_up": "sums kept for reading; they say what the entries say",
    "assess": "answers its caller; what it notes is shown to staff",
    "clear_case": "shown to staff",
    "confirm_case": "likewise",
    "on_hold_due": "a job: see end_hold",
    "on_hold_kept": "a purpose: see hold_money_of_a_card",
    "on_hold_captured": "a purpose: see capture_hold",
    "on_hold_failed": "likewise",
    "on_hold_tried": "part of asking the next card, which tells",
}


@pytest.mark.parametrize(
    "room", [people, publishing, actions], ids=["accounts", "publishing", "chat"]
)
def test_every_action_has_a_scenario_or_a_reason(room):
    public = {name for name in room.__all__ if inspect.isfunction(getattr(room, name))}
    shown = {name for name in SCENARIOS[room] if name in public}
    assert shown | set(SILENT[room]) == public
    assert shown & set(SILENT[room]) == set()
    variants = set(SCENARIOS[room]) - shown
    assert [v for v in variants if not v.startswith(tuple(shown))] == []


def test_every_action_between_people_has_a_scenario_or_a_reason():
    rooms = {f"payments.actions.{name}" for name in BETWEEN}
    named = {name: getattr(money, name) for name in money.__all__}
    public = {n for n, act in named.items() if getattr(act, "__module__", "") in rooms}
    public = {name for name in public if inspect.isfunction(named[name])}
    shown = {name for name in SCENARIOS[money] if name in public}
    assert shown | set(SILENT_BETWEEN) == public
    assert shown & set(SILENT_BETWEEN) == set()


def test_every_action_on_the_wallet_has_a_scenario_or_a_reason():
    named = {name: getattr(money, name) for name in money.__all__}
    rooms = {n: a.__module__.rpartition(".")[2] for n, a in named.items() if inspect.isfunction(a)}
    public = {name for name, room in rooms.items() if room not in {*BETWEEN, *SILENT_ROOMS}}
    scenarios = {*about_wallet.SCENARIOS, *WALLET_MORE}
    shown = scenarios & public
    assert shown | set(SILENT_WALLET) == public
    assert shown & set(SILENT_WALLET) == set()
    variants = scenarios - shown
    assert [v for v in variants if not v.startswith(tuple(shown))] == []


class Ears(dict):
    """account pk → the events its browsers hear, in order."""

    def speak(self, items):
        for item in items:
            for pk in item.account_ids if not item.control else ():
                self.setdefault(pk, []).append(msgspec.json.decode(item.frame))


@pytest.fixture
def w(db, settings):
    made = world.make()
    made.settings = settings
    return made


@pytest.mark.parametrize(
    "steps",
    [pytest.param(s, id=f"{n}") for room in SCENARIOS for n, s in SCENARIOS[room].items()],
)
def test_old_state_and_events_give_the_new_state(steps, w, django_capture_on_commit_callbacks):
    scenario = steps(w)
    next(scenario)
    old = {name: state_of(viewer) for name, viewer in w.viewers.items()}
    ears = Ears()
    before = push.set_speaker(ears)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            next(scenario, None)
    finally:
        push.set_speaker(before)
    for name, viewer in w.viewers.items():
        fresh = state_of(viewer)
        told = ears.get(viewer.pk, [])
        now = heard(old[name], told, fresh)
        stale = {part: (now[part], fresh[part]) for part in fresh if now[part] != fresh[part]}
        assert stale == {}, f"{name} heard {[event['kind'] for event in told]}"


def test_a_forgotten_event_is_found(w):
    """The harness sees: without its event a pinned chat looks as before."""
    old = state_of(w.bob)
    actions.pin_chat(**w.here("bob"))
    fresh = state_of(w.bob)
    assert heard(old, [], fresh)["rows"] != fresh["rows"]
    event = {"kind": "chat.seat_changed", "c": w.group.public_id}
    assert heard(old, [event], fresh) == fresh
