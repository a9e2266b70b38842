"""The officer's home: what waits today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hoaban.base.clock import now
from hoaban.steering import queries
from hoaban.steering.pages.board import BOARD
from hoaban.web.permissions import ActingRequest, require_permission
from hoaban.web.rules import Task, Tone, number


@require_permission("officers.home")
def home(request: ActingRequest) -> HttpResponse:
    """The piles that wait for this officer, each with its count and its page."""
    at = now()
    tasks = [
        Task(str(pile.label), reverse(pile.page), Tone.NEEDED if pile.is_late else Tone.PLAIN, number(pile.count))
        for pile in queries.piles(request.actor, at)
    ]
    may = {
        "may_board": request.actor.may(BOARD),
        "may_administer": request.actor.may("officers.administer"),
        "may_ask_to_withhold": request.actor.may("oversight.ask_to_withhold"),
    }
    return render(request, "steering/home.html", {"tasks": tasks, "at": at} | may)
