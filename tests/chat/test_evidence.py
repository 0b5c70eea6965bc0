"""What leaves a chat: reports to staff, and one's own copy as a zip."""

import io
import json
import zipfile

import pytest

from chat import actions
from chat.errors import AttachmentNotFound, BadMessage, ConversationNotFound, MessageNotFound
from chat.models import ChatExport, Report
from chat.queries import export_for
from superapp.kernel import media, outbox
from tests import cast
from tests.chat.conftest import say
from tests.chat.files import PDF, send


def report(reporter, conversation, seq, category="abuse", **more):
    return actions.report_message(
        reporter=reporter,
        conversation_id=conversation.public_id,
        seq=seq,
        category=category,
        **more,
    )


def test_a_report_carries_five_messages_on_each_side_as_the_reporter_saw_them(alice, bob, group):
    for number in range(1, 15):
        say(alice, group, f"message {number}")
    actions.delete_for_me(viewer=bob, conversation_id=group.public_id, seqs=[6])
    row = report(bob, group, 7, note=" \u202eplease look ")
    assert (row.reporter, row.target, row.message.seq) == (bob, alice, 7)
    assert row.note == "please look"
    assert [m["seq"] for m in row.evidence] == [2, 3, 4, 5, 7, 8, 9, 10, 11, 12]


def test_what_was_said_stays_with_the_report(alice, bob, room):
    say(alice, room, "rude words")
    row = report(bob, room, 1)
    actions.recall_message(actor=alice, conversation_id=room.public_id, seq=1)
    row.refresh_from_db()
    assert [m["text"] for m in row.evidence] == ["rude words"]


def test_a_whole_chat_is_reported_to_whoever_is_on_the_other_side(alice, bob, room, group):
    say(alice, room, "spam")
    place = {"reporter": bob, "category": "spam"}
    direct = actions.report_conversation(**place, conversation_id=room.public_id)
    assert (direct.target, direct.message, len(direct.evidence)) == (alice, None, 1)
    whole = actions.report_conversation(**place, conversation_id=group.public_id)
    assert (whole.target, whole.evidence) == (alice, [])


def test_a_chat_with_oneself_is_nobody_elses_fault(alice):
    own = actions.open_self(viewer=alice)
    row = actions.report_conversation(
        reporter=alice, conversation_id=own.public_id, category="other"
    )
    assert row.target == alice


def test_nothing_is_reported_that_the_reporter_does_not_see(alice, bob, carol, room, heard):
    say(alice, room, "secret")
    for refusal, act in (
        (ConversationNotFound, lambda: report(carol, room, 1)),
        (MessageNotFound, lambda: report(bob, room, 99)),
        (BadMessage, lambda: report(bob, room, 1, category="boring")),
        (
            ConversationNotFound,
            lambda: actions.report_conversation(
                reporter=carol, conversation_id=room.public_id, category="spam"
            ),
        ),
    ):
        with pytest.raises(refusal), heard.during():
            act()
    assert not Report.objects.exists()
    assert heard == []


def test_staff_close_a_report_once(alice, bob, room):
    root = cast.make_person("Root")
    say(alice, room, "rude")
    row = report(bob, room, 1)
    actions.close_report(staff=root, report=row, outcome="warned")
    row.refresh_from_db()
    assert (row.outcome, row.closed_at is None) == ("Root: warned", False)
    actions.close_report(staff=root, report=row, outcome="again")
    row.refresh_from_db()
    assert row.outcome == "Root: warned"


def export(viewer, conversation):
    row = actions.export_chat(viewer=viewer, conversation_id=conversation.public_id)
    outbox.run_due(outbox.DEFAULT, limit=10)
    row.refresh_from_db()
    return row


def opened(row):
    return zipfile.ZipFile(io.BytesIO(media.read(row.file)))


def test_a_zip_of_what_the_viewer_sees(alice, bob, group, heard):
    say(alice, group, "hello <b>you</b>")
    _message, attachment = send(alice, group, "file", PDF, name="menu.pdf")
    say(alice, group, "secret")
    actions.recall_message(actor=alice, conversation_id=group.public_id, seq=3)
    say(alice, group, "not for Bob")
    actions.delete_for_me(viewer=bob, conversation_id=group.public_id, seqs=[4])
    with heard.during():
        row = export(bob, group)
    with opened(row) as archive:
        assert sorted(archive.namelist()) == [
            f"files/{attachment.public_id}",
            "index.html",
            "messages.json",
        ]
        messages = json.loads(archive.read("messages.json"))
        page = archive.read("index.html").decode()
        assert archive.read(f"files/{attachment.public_id}") == PDF
    assert [(m["seq"], m["type"], m["text"]) for m in messages] == [
        (1, "text", "hello <b>you</b>"),
        (2, "file", ""),
        (3, "recalled", ""),
    ]
    assert "attachment_pk" not in messages[1]["body"]
    assert "hello &lt;b&gt;you&lt;/b&gt;" in page
    assert ("secret" in page, "not for Bob" in page, "<script" in page) == (False, False, False)
    assert [(ids, e["kind"]) for ids, e in heard] == [((bob.pk,), "chat.export_ready")]


def test_whoever_was_removed_takes_the_past_along_and_nothing_newer(alice, bob, group):
    say(alice, group, "before")
    actions.remove_member(actor=alice, conversation_id=group.public_id, member=bob)
    say(alice, group, "after")
    with opened(export(bob, group)) as archive:
        assert [m["text"] for m in json.loads(archive.read("messages.json"))] == ["before"]


def test_files_inside_chat_history_come_along(alice, bob, room, group):
    message, attachment = send(alice, room, "file", PDF)
    actions.forward_merged(
        actor=alice,
        source_id=room.public_id,
        seqs=[message.seq],
        target_id=group.public_id,
        client_id="m",
    )
    with opened(export(bob, group)) as archive:
        assert f"files/{attachment.public_id}" in archive.namelist()


def test_a_job_that_runs_twice_makes_one_zip(alice, room):
    row = export(alice, room)
    before = row.file
    actions.build_export(export_id=row.pk)
    row.refresh_from_db()
    assert row.file == before


def test_an_export_is_its_owners(alice, bob, carol, room):
    with pytest.raises(ConversationNotFound):
        actions.export_chat(viewer=carol, conversation_id=room.public_id)
    row = export(alice, room)
    assert export_for(alice, row.public_id) == row
    for other in (bob, carol):
        with pytest.raises(AttachmentNotFound):
            export_for(other, row.public_id)
    assert ChatExport.objects.count() == 1
