"""Red packets: putting one together, opening it, and who got what."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.guards import MemberRequest, members_only
from chat import queries as chats
from chat.states import ConversationKind
from payments import actions, queries
from payments.forms import PacketForm, SinglePacketForm, ThanksForm
from payments.views.beside import means_of, show
from superapp.kernel import time
from superapp.kernel.pages import refusals_on


@members_only
@sensitive_post_parameters("password")
def packet_send(request: MemberRequest, conversation_id: str) -> HttpResponse:
    seat = chats.active_seat_of(request.account, conversation_id)
    given_form = request.POST or None
    festival = queries.festival()
    form: PacketForm | SinglePacketForm
    if seat.conversation.kind == ConversationKind.GROUP:
        members = [
            member
            for member in chats.members_of(seat)[: settings.GROUP_MAX]
            if member.account_id != request.account.pk
        ]
        form = PacketForm(given_form, account=request.account, members=members, festival=festival)
    else:
        form = SinglePacketForm(given_form, account=request.account, festival=festival)
    if form.is_valid():
        given = dict(form.cleaned_data)
        means = means_of(request, given)
        with refusals_on(form):
            packet = actions.send_packet(
                sender=request.account, conversation_id=conversation_id, means=means, **given
            )
            if packet.shown_at is None:
                return redirect("payments:packet", packet.public_id)
            return redirect("chat:thread", conversation_id)
    context = {
        "form": form,
        "most": queries.most_each(settings.HOME_CURRENCY, time.now()),
        "festival": festival,
    }
    return show(request, "payments/packet_send.html", context, seat.conversation)


@members_only
def packet(request: MemberRequest, packet_id: str) -> HttpResponse:
    """The tap: an envelope to open, or what became of it. Nothing is reserved by looking."""
    found = queries.packet_for(request.account, packet_id)
    now = time.now()
    tap = queries.tap(request.account, found, now)
    status = queries.packet_status_of(found, now)
    luckiest = queries.luckiest_of(found)
    context = {
        "packet": found,
        "status": status,
        "tap": tap,
        "got": found.money(tap.claim.amount) if tap.claim else None,
        "rows": [
            (claim, found.money(claim.amount), luckiest is not None and claim.pk == luckiest.pk)
            for claim in queries.claims_of(found)
        ],
        "taken": found.money(found.taken),
        "refunded": found.money(found.refunded),
        "seconds": queries.seconds_taken(found) if status == "exhausted" else 0,
        "is_mine": found.sender == request.account,
        "is_over": status in {"exhausted", "refunded"},
        "form": ThanksForm(initial={"text": tap.claim.thanks if tap.claim else ""}),
        "step": queries.step_of(request.account, found.public_id),
        "is_wished": tap.state == "opened" and queries.festival().is_wished(found.note),
    }
    return show(request, "payments/packet.html", context, found.conversation)


@require_POST
@members_only
def packet_open(request: MemberRequest, packet_id: str) -> HttpResponse:
    actions.open_packet(opener=request.account, packet_id=packet_id)
    return redirect("payments:packet", packet_id)


@require_POST
@members_only
def packet_thank(request: MemberRequest, packet_id: str) -> HttpResponse:
    form = ThanksForm(request.POST)
    if form.is_valid():
        actions.thank_for_packet(
            opener=request.account, packet_id=packet_id, text=form.cleaned_data["text"]
        )
    return redirect("payments:packet", packet_id)


@members_only
def festival(request: MemberRequest) -> HttpResponse:
    """For scripts of open chats: the words that let confetti rain now."""
    answer = JsonResponse({"words": queries.festival().words})
    answer["Cache-Control"] = f"private, max-age={settings.FESTIVAL_KEPT_SECONDS}"
    return answer
