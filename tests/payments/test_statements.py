"""Statements: the sums meet, files are safe to open, and a million entries cost no more."""

import csv
import io
import re
from datetime import datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.test import Client

from payments import actions, queries
from payments.actions.billing import bill
from payments.exports.files import quoted
from payments.models import Bill, EntrySum, LedgerAccount
from payments.states import BillKind
from superapp.kernel.errors import Invalid
from tests.database import undone
from tests.payments.money import cny, give, pay
from tests.payments.wallets import has

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def on(year, month, day, hour=12):
    return time_machine.travel(datetime(year, month, day, hour, tzinfo=SHANGHAI), tick=False)


def november(account, currency="CNY"):
    return queries.statement(account, currency, datetime(2026, 11, 1, tzinfo=SHANGHAI))


@pytest.fixture
def history(alice, bob):
    """October leaves 60.00; November brings 100.00 and takes 25.00 and 5.00; December follows."""
    with on(2026, 10, 31, 23):
        give(alice, 6000, key="october")
    with on(2026, 11, 1, 0):
        give(alice, 10_000, key="november")
    with on(2026, 11, 20):
        pay("dinner", alice, bob, 2500)
    with on(2026, 11, 30, 23):
        pay("taxi", alice, bob, 500)
    with on(2026, 12, 1, 0):
        give(alice, 1, key="december")
    return alice


def test_a_month_begins_and_ends_where_people_live(history):
    shown = november(history)
    assert (shown.opening, shown.closing) == (cny(6000), cny(13_000))
    assert (shown.came_in, shown.went_out, shown.count) == (cny(10_000), cny(3000), 3)
    assert [(one.day, one.came_in.minor, one.went_out.minor) for one in shown.days] == [
        (1, 10_000, 0),
        (20, 0, 2500),
        (30, 0, 500),
    ]
    assert {one.kind: one.count for one in shown.categories} == {"top_up": 1, "transfer": 2}


def test_months_with_nothing(history, carol):
    for account, currency in ((carol, "CNY"), (history, "JPY")):
        shown = november(account, currency)
        assert (shown.opening.minor, shown.closing.minor, shown.categories) == (0, 0, [])
    later = queries.statement(history, "CNY", datetime(2027, 1, 1, tzinfo=SHANGHAI))
    assert later.opening == later.closing == cny(13_001)


@pytest.mark.parametrize("text", ["2026-13", "x", "2026", "1999-01", "9999-01", "-1-1"])
def test_what_is_no_month(text):
    with pytest.raises(Invalid):
        queries.month_of(text)


def test_months_follow_each_other():
    december = datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert queries.month_after(december) == datetime(2027, 1, 1, tzinfo=SHANGHAI)
    assert queries.month_before(queries.month_after(december)) == december


@pytest.fixture
def browser(history):
    client = Client()
    client.force_login(history.person)
    with on(2026, 12, 2):
        yield client


def test_the_page_has_the_numbers_of_the_chart(browser):
    page = browser.get("/wallet/statement/?month=2026-11").content.decode()
    for seen in ("CN¥60.00", "CN¥130.00", "CN¥100.00", "CN¥30.00", "<rect"):
        assert seen in page
    assert browser.get("/wallet/statement/?month=2027-01").status_code == 400
    assert browser.get("/wallet/statement/?currency=XXX").status_code == 400


def test_the_table_as_a_file(browser, history, bob):
    bob.name = "=HYPERLINK(1)"
    bob.save()
    bill(
        account=history,
        kind=BillKind.TRANSFER,
        ref="dinner",
        amount=cny(-2500),
        counterparty=bob,
        note="+cmd",
    )
    answer = browser.get("/wallet/statement/export/csv/?month=2026-11")
    assert answer["Content-Disposition"] == 'attachment; filename="statement-2026-11-CNY.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][2] == "Opening balance"
    opening, closing = float(rows[1][8]), float(rows[-1][8])
    moved = sum(float(row[6] or 0) - float(row[7] or 0) for row in rows[2:-1])
    assert opening + moved == closing == 130.0
    assert not any(field[:1] in "=+-@" and field for row in rows for field in row)


def test_texts_that_would_be_formulas():
    for text in ("=1+1", "+1", "-1", "@sum", "\t=1", " =1", "＝1", "−1"):
        assert quoted(text) == f"'{text}"
    assert quoted("noodles = good") == "noodles = good"


def test_the_file_for_accounting(browser):
    answer = browser.get("/wallet/statement/export/ofx/?month=2026-11")
    tree = ElementTree.fromstring(answer.content)
    amounts = [node.text for node in tree.iter("TRNAMT")]
    assert amounts == ["100.00", "-25.00", "-5.00"]
    assert [node.text for node in tree.iter("BALAMT")] == ["130.00"]


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_the_file_to_print(browser, history, language):
    history.name = "王小明 & <b>"
    history.save()
    history.person.language = language
    history.person.save()
    answer = browser.get("/wallet/statement/export/pdf/?month=2026-11")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"


def test_a_file_has_a_bound(browser, settings):
    settings.EXPORT_ROWS_MAX = settings.EXPORT_PDF_ROWS_MAX = 2
    for kind in ("csv", "ofx", "pdf"):
        assert browser.get(f"/wallet/statement/export/{kind}/?month=2026-11").status_code == 413


def crowd(account, count):
    """Bills of many payments, as SQL makes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO payments_bill (public_id, account_id, kind, ref, amount, fee, currency,
                                       status, method, note, search, at)
            SELECT 'bill_c' || n, %s, CASE n %% 3 WHEN 0 THEN 'topup' ELSE 'transfer' END,
                   'crowd_' || n, CASE n %% 3 WHEN 0 THEN 500 ELSE -500 END, 0, 'CNY', 'done', '', '',
                   array_to_tsvector(ARRAY['word' || n]), now() - n * interval '1 minute'
            FROM generate_series(1, %s) AS n
            """,
            [account.pk, count],
        )
        cursor.execute("SELECT gin_clean_pending_list('bills_search')")
        cursor.execute("ANALYZE payments_bill")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(count, alice, bob, django_assert_num_queries):
    for number in range(count):
        give(alice, 100, key=f"gift-{number}")
        bill(
            account=alice,
            kind=BillKind.TRANSFER,
            ref=f"t{number}",
            amount=cny(100),
            counterparty=bob,
        )
    with django_assert_num_queries(1):
        rows, _older = queries.bills_page(alice, queries.BillFilter(), None)
        assert [row.counterparty.name for row in rows] == ["Bob"] * count
    with django_assert_num_queries(4):
        shown = queries.statement(alice, "CNY", queries.month_of(""))
    with django_assert_num_queries(1):
        assert len(queries.lines_of(alice, shown, 50)) == count
    with django_assert_num_queries(3):
        queries.balances_of(alice)
    assert has(alice) == 100 * count


def plan_of(rows):
    return rows.explain()


def test_bill_lists_walk_an_index(alice, carol):
    crowd(alice, 20_000)
    crowd_of_carol = Bill.objects.filter(account=carol)
    assert not crowd_of_carol.exists()
    for narrowed in ({}, {"way": "in"}, {"way": "out"}, {"kind": "topup"}, {"kind": "refund"}):
        rows = queries.bills.bills(alice, queries.BillFilter(**narrowed)).order_by("-pk")[:31]
        plan = plan_of(rows)
        assert "Seq Scan on payments_bill" not in plan, (narrowed, plan)
        assert "Sort" not in plan, (narrowed, plan)
    words = queries.BillFilter(words="word777")
    assert "bills_search" in plan_of(queries.bills.bills(alice, words))
    rows, _older = queries.bills_page(alice, words, None)
    assert {row.ref for row in rows} >= {"crowd_777"}


def test_the_ends_of_a_month_are_found_by_halving(alice):
    """Thousands of entries, and a statement of one of them reads a few dozen of rows."""
    for number in range(40):
        with on(2026, 10, 1 + number % 30 if number < 30 else 30):
            give(alice, 10, key=f"gift:{number}")
    row = LedgerAccount.objects.get(owner=alice, kind="available")
    assert queries.statements._edge(row, datetime(2026, 11, 1, tzinfo=SHANGHAI)) == (40, 400)
    assert queries.statements._edge(row, datetime(2026, 9, 1, tzinfo=SHANGHAI)) == (0, 0)
    given = {"account": row.pk, "last": row.seq, "moment": datetime(2026, 11, 1, tzinfo=SHANGHAI)}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + queries.statements._LAST_BEFORE, given)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on ledger_posting" not in plan, plan


@pytest.fixture
def busy(alice, bob, settings):
    """Eleven entries of two kinds over three months, added up by threes."""
    settings.LEDGER_SUM_BLOCK = 3
    for month in (10, 11, 12):
        with on(2026, month, 2):
            give(alice, 1000, key=f"gift:{month}")
            pay(f"lunch:{month}", alice, bob, 10)
        with on(2026, month, 20):
            pay(f"tea:{month}", alice, bob, 3)
    with on(2026, 12, 24):
        pay("gift", alice, bob, 7)
        pay("again", alice, bob, 7)
    return alice


def months_of(account):
    return [
        queries.statement(account, "CNY", datetime(2026, month, 1, tzinfo=SHANGHAI))
        for month in (9, 10, 11, 12)
    ]


def test_what_is_added_up_says_the_same(busy, bob, settings):
    before = months_of(busy)
    assert before[3].count == 5
    assert actions.add_up() == 2
    kept = EntrySum.objects.filter(account__owner=busy)
    assert sorted({(one.after, one.upto) for one in kept}) == [(0, 3), (3, 6), (6, 9)]
    assert months_of(busy) == before
    with on(2026, 12, 25):
        pay("late", busy, bob, 1)
    assert months_of(busy)[3].went_out == before[3].went_out + cny(1)
    assert actions.add_up() == 2
    assert actions.add_up() == 0
    settings.LEDGER_SUM_BLOCK = 2  # from now on
    with on(2026, 12, 26):
        pay("more", busy, bob, 1)
        pay("most", busy, bob, 1)
    shown = months_of(busy)
    assert actions.add_up() == 2
    assert months_of(busy) == shown
    assert shown[:3] == before[:3]
    assert queries.check_books().is_green


def test_days_of_another_time_zone_are_added_up_anew(busy, settings):
    actions.add_up()
    settings.HOME_TIME_ZONE = "America/New_York"
    assert queries.sums.due_to_add_up()
    new_york = datetime(2026, 11, 1, tzinfo=ZoneInfo("America/New_York"))
    shown = queries.statement(busy, "CNY", new_york)
    assert [one.day for one in shown.days] == [1, 19]
    actions.add_up()
    assert queries.statement(busy, "CNY", new_york) == shown


def test_sums_that_are_wrong_are_found(busy):
    actions.add_up()
    wrong = EntrySum.objects.filter(account__owner=busy, upto=6)
    for change in ({"came_in": F("came_in") + 1}, {"count": 9}, {"kind": "taxi"}):
        with undone():
            wrong.filter(kind="top_up").update(**change)
            assert len(queries.sums.wrong_sums()) >= 1, change
    with undone():
        wrong.delete()
        (found,) = queries.sums.wrong_sums()
        assert "between entries 3 and 6" in found
    assert queries.sums.wrong_sums() == []


def test_a_month_of_thousands_reads_few_rows(busy, django_assert_num_queries, settings):
    settings.LEDGER_SUM_BLOCK = 100
    house = LedgerAccount.objects.get(owner=busy, kind="available")
    with on(2026, 12, 26), connection.cursor() as cursor:
        cursor.execute(
            _CROWD,
            {
                "code": house.code,
                "owner": house.owner_id,
                "count": 3000,
                "at": datetime(2026, 12, 26, tzinfo=SHANGHAI),
            },
        )
        cursor.execute("ANALYZE ledger_posting")
        cursor.execute("ANALYZE ledger_journal")
    december = datetime(2026, 12, 1, tzinfo=SHANGHAI)
    plain = queries.statement(busy, "CNY", december)
    assert plain.count == 3005
    actions.add_up()
    with django_assert_num_queries(4):
        assert queries.statement(busy, "CNY", december) == plain
    values = {"account": house.pk, "first": 6, "last": 3011, "zone": settings.HOME_TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF) " + queries.sums._SUMS, values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on ledger_posting" not in plan, plan
    read = [int(rows) for rows in re.findall(r"ledger_posting.*actual rows=(\d+)", plan)]
    assert 0 < sum(read) <= 200, plan


_CROWD = """
INSERT INTO ledger_door (fact, print, what, about, moment, codes, currencies, kinds, owners, floors,
                         tracks, debits, credits, amounts)
SELECT 'crowd:' || n, 'x', 'gift', '', %(at)s, ARRAY['promo', %(code)s], ARRAY['CNY', 'CNY'],
       ARRAY['system', 'available'], ARRAY[NULL, %(owner)s]::bigint[], ARRAY[false, true],
       ARRAY[false, true], ARRAY[1], ARRAY[2], ARRAY[5]
FROM generate_series(1, %(count)s) AS n
"""
