"""Applying, the review, names."""

import re

import pytest
from auditlog.models import LogEntry

from accounts import actions, queries
from accounts.actions import Papers
from accounts.errors import (
    NameTaken,
    NotPublished,
    OfficialNotFound,
    PapersMissing,
    TooManyAccounts,
    TooManyRenames,
)
from accounts.models import OfficialAccount, PastName
from accounts.states import OFFICIAL_MOVES, OfficialStatus
from superapp.kernel.errors import Conflict, Invalid, NotAllowed
from superapp.kernel.transitions import IllegalTransition
from tests.official.businesses import PAPERS, draft_of, publish


def status_of(official):
    return OfficialAccount.objects.get(pk=official.pk).status


def test_an_application_becomes_an_account_that_people_find(alice, mei, root):
    official = draft_of(mei, "  Mei   Noodles ", intro="Hand-pulled", region="Shanghai")
    assert (official.name, official.status) == ("Mei Noodles", "draft")
    assert re.fullmatch(r"wx[0-9a-f]{16}", official.appid)
    assert re.fullmatch(r"gh_[0-9a-f]{12}", official.original_id)
    with pytest.raises(OfficialNotFound):
        queries.official_for(alice, official.account.public_id)
    actions.fill_papers(official=official, actor=mei, papers=PAPERS)
    actions.submit_official(official=official, actor=mei)
    assert [o.pk for o in queries.waiting_for_review()] == [official.pk]
    actions.approve_official(official=official, staff=root)
    found = queries.official_for(alice, official.account.public_id)
    assert (found.pk, found.is_verified) == (official.pk, True)


def test_nothing_is_submitted_without_papers(mei):
    official = draft_of(mei, "Mei Noodles")
    actions.fill_papers(official=official, actor=mei, papers=Papers(legal_name="Mei"))
    with pytest.raises(PapersMissing):
        actions.submit_official(official=official, actor=mei)
    assert status_of(official) == "draft"


def test_a_rejection_says_why_and_can_be_answered(mei, root):
    official = draft_of(mei, "Mei Noodles")
    actions.fill_papers(official=official, actor=mei, papers=PAPERS)
    actions.submit_official(official=official, actor=mei)
    with pytest.raises(NotAllowed):  # nobody changes what is being looked at
        actions.fill_papers(official=official, actor=mei, papers=Papers())
    with pytest.raises(Invalid):
        actions.reject_official(official=official, staff=root, reason=" ")
    actions.reject_official(official=official, staff=root, reason="The licence is not readable.")
    official.refresh_from_db()
    assert (official.status, official.status_reason) == (
        "rejected",
        "The licence is not readable.",
    )
    actions.submit_official(official=official, actor=mei)
    actions.withdraw_official(official=official, actor=mei)
    assert status_of(official) == "draft"


def test_only_reviewers_decide(mei, lin):
    official = draft_of(mei, "Mei Noodles")
    actions.fill_papers(official=official, actor=mei, papers=PAPERS)
    actions.submit_official(official=official, actor=mei)
    for decide in (
        lambda: actions.approve_official(official=official, staff=lin.person),
        lambda: actions.reject_official(official=official, staff=lin.person, reason="no"),
        lambda: actions.suspend_official(official=official, staff=lin.person, reason="no"),
    ):
        with pytest.raises(NotAllowed):
            decide()
    assert status_of(official) == "submitted"


def test_a_suspended_account_is_gone_until_it_is_approved_again(alice, noodles, root):
    actions.suspend_official(official=noodles, staff=root, reason="Complaints")
    with pytest.raises(OfficialNotFound):
        queries.official_for(alice, noodles.account.public_id)
    with pytest.raises(NotPublished):
        actions.follow_official(person=alice, official=noodles)
    assert list(queries.directory(words="mei")) == []
    actions.approve_official(official=noodles, staff=root)
    assert [o.pk for o in queries.directory(words="mei")] == [noodles.pk]


@pytest.mark.parametrize("before", OfficialStatus.values)
@pytest.mark.parametrize("after", OfficialStatus.values)
def test_every_move_is_in_the_table_or_refused(mei, root, before, after):
    official = draft_of(mei, "Mei Noodles")
    actions.fill_papers(official=official, actor=mei, papers=PAPERS)
    OfficialAccount.objects.filter(pk=official.pk).update(status=before)
    official.refresh_from_db()
    verb = {
        "draft": lambda: actions.withdraw_official(official=official, actor=mei),
        "submitted": lambda: actions.submit_official(official=official, actor=mei),
        "approved": lambda: actions.approve_official(official=official, staff=root),
        "rejected": lambda: actions.reject_official(official=official, staff=root, reason="x"),
        "suspended": lambda: actions.suspend_official(official=official, staff=root, reason="x"),
    }[after]
    if after in OFFICIAL_MOVES[before]:
        verb()
        assert status_of(official) == after
    else:
        with pytest.raises(IllegalTransition):
            verb()
        assert status_of(official) == before


@pytest.mark.parametrize(
    "other", ["mei noodles", "Меі Noodles", "MEI N00DLES", "Mei-Noodles", "Rnei Noodles"]
)
def test_names_that_look_alike_are_refused(lin, noodles, other):
    with pytest.raises(NameTaken):
        draft_of(lin, other)
    assert queries.owned_by(lin).count() == 0
    assert draft_of(lin, "Lei Noodles").pk


def test_a_draft_reserves_no_name_and_the_first_to_submit_keeps_it(mei, lin):
    first, second = draft_of(mei, "Tea House"), draft_of(lin, "Tea House")
    for official, owner in ((first, mei), (second, lin)):
        actions.fill_papers(official=official, actor=owner, papers=PAPERS)
    actions.submit_official(official=second, actor=lin)
    with pytest.raises(NameTaken):
        actions.submit_official(official=first, actor=mei)
    assert status_of(first) == "draft"


def test_past_names_stay_readable_and_renames_are_few(mei, noodles):
    actions.rename_official(official=noodles, actor=mei, name="Mei's Kitchen")
    actions.rename_official(official=noodles, actor=mei, name="Mei's Table")
    assert [past.name for past in PastName.objects.order_by("pk")] == [
        "Mei Noodles",
        "Mei's Kitchen",
    ]
    with pytest.raises(TooManyRenames):
        actions.rename_official(official=noodles, actor=mei, name="Mei's Garden")
    assert noodles.account.name == "Mei's Table"


def test_strangers_change_nothing(lin, noodles):
    for act in (
        lambda: actions.rename_official(official=noodles, actor=lin, name="Lin Noodles"),
        lambda: actions.fill_papers(official=noodles, actor=lin, papers=Papers()),
        lambda: actions.submit_official(official=noodles, actor=lin),
        lambda: actions.attach_licence(official=noodles, actor=lin, picture=b""),
        lambda: actions.set_official_avatar(official=noodles, actor=lin, picture=b""),
        lambda: actions.describe_official(
            official=noodles, actor=lin, category="food", intro="", region="", time_zone=""
        ),
    ):
        with pytest.raises(OfficialNotFound):
            act()
    assert OfficialAccount.objects.get(pk=noodles.pk).legal_name == "Mei Noodles Ltd"


def test_another_company_loses_the_badge(mei, noodles):
    actions.describe_official(
        official=noodles,
        actor=mei,
        category="local",
        intro="Noodles",
        region="Suzhou",
        time_zone="Asia/Tokyo",
    )
    papers = Papers(**{**PAPERS.cleaned(), "legal_name": "Somebody Else Ltd"})
    actions.fill_papers(official=noodles, actor=mei, papers=papers)
    noodles.refresh_from_db()
    assert not noodles.is_verified
    assert (noodles.category, noodles.time_zone) == ("local", "Asia/Tokyo")


def test_one_person_has_a_bounded_number_of_accounts(mei, settings):
    settings.OFFICIAL_PER_OWNER_MAX = 1
    draft_of(mei, "Mei Noodles")
    with pytest.raises(TooManyAccounts):
        draft_of(mei, "Mei Dumplings")


def test_what_staff_and_reviewers_do_is_in_the_log(mei, noodles, root):
    actions.suspend_official(official=noodles, staff=root, reason="Complaints")
    said = [(e.actor_id, e.changes) for e in LogEntry.objects.order_by("pk")]
    assert (mei.person.pk, {"applied": ["", "Mei Noodles"]}) in said
    assert said[-1] == (root.pk, {"status": ["approved", "suspended"]})


def test_reviewers_race_and_one_wins(mei, root):
    official = draft_of(mei, "Mei Noodles")
    actions.fill_papers(official=official, actor=mei, papers=PAPERS)
    actions.submit_official(official=official, actor=mei)
    stale = OfficialAccount.objects.get(pk=official.pk)
    actions.approve_official(official=official, staff=root)
    with pytest.raises(Conflict):
        actions.reject_official(official=stale, staff=root, reason="too late")
    assert status_of(official) == "approved"


@pytest.mark.parametrize("words", ["mei", "Mei Noodels", "noodels", "NOODLES", "Mai Noodles"])
def test_the_directory_forgives_typing_errors(noodles, clinic, words):
    assert queries.directory(words=words).first() == noodles


@pytest.mark.parametrize("words", ["梅家", "meijia", "mjmg", "mei jia"])
def test_the_directory_knows_pinyin_and_initials(lin, root, clinic, words):
    noodles = publish(lin, "梅家面馆", root)
    assert [o.pk for o in queries.directory(words=words)] == [noodles.pk]


def test_the_directory_shows_the_verified_first_and_nothing_else_by_chance(noodles, clinic):
    OfficialAccount.objects.filter(pk=clinic.pk).update(verified_at=None)
    assert list(queries.directory()) == [noodles, clinic]
    assert list(queries.directory(words="zzzz")) == []
    assert list(queries.directory(category="health")) == [clinic]
    rows, following = queries.directory_page(words="")
    assert (len(rows), following) == (2, "")
