"""What an office is entitled to, as a table of lives of a subscription."""

import datetime as dt

import pytest

from server_sync.billing.entitlement import Grant, Invoice, Present, Subscription, awaits_payment, grants_of, standing
from server_sync.billing.plans import INTERVALS, Bought, load_plans

PLANS = load_plans()
START = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
BUREAU = Subscription("sub", running=True, items=(("autoenroll-bureau-year", 1),))


def day(number: int) -> dt.datetime:
    return START + dt.timedelta(days=number)


def paid(name: str, start: int, end: int, back: str = "") -> Invoice:
    return Invoice(name, "sub", paid=True, awaiting=False, covers=(day(start), day(end)), taken_back=back)


def owed(name: str, *, awaiting: bool) -> Invoice:
    return Invoice(name, "sub", paid=False, awaiting=awaiting, covers=(day(0), day(365)))


@pytest.mark.parametrize(
    ("invoices", "until", "ended"),
    [
        ((), None, ""),
        ((owed("a", awaiting=True),), None, ""),
        ((paid("a", 0, 365),), 365, ""),
        ((paid("a", 0, 365), paid("b", 365, 730)), 730, ""),
        ((paid("b", 365, 730), paid("a", 0, 365)), 730, ""),
        ((paid("a", 0, 365), owed("b", awaiting=False)), 365, ""),
        ((paid("a", 0, 365, "refund"),), 365, "refund"),
        ((paid("a", 0, 365), paid("b", 365, 730, "dispute")), 730, "dispute"),
        ((paid("a", 0, 365, "refund"), paid("b", 365, 730)), 730, ""),
        ((paid("a", 0, 365), paid("more seats", 100, 365, "refund")), 365, ""),
        ((paid("a", 0, 365, "refund"), paid("bought again", 20, 385)), 385, ""),
    ],
)  # fmt: skip
def test_how_far_it_is_paid(invoices: tuple[Invoice, ...], until: int | None, ended: str) -> None:
    found = standing(grants_of(Present((BUREAU,), invoices), PLANS))
    assert (found.valid_until, found.ended) == (None if until is None else day(until), ended)


def test_every_payment_is_one_grant() -> None:
    grants = grants_of(
        Present((BUREAU,), (paid("a", 0, 365), paid("b", 365, 730, "refund"), owed("c", awaiting=True))), PLANS
    )
    assert [(grant.cause, grant.taken_back) for grant in grants] == [("stripe:a", ""), ("stripe:b", "refund")]


def test_money_on_its_way() -> None:
    assert awaits_payment(Present((BUREAU,), (owed("a", awaiting=True),)))
    assert not awaits_payment(Present((BUREAU,), (owed("a", awaiting=False), paid("b", 0, 1))))
    assert not awaits_payment(Present((Subscription("sub", False, BUREAU.items),), (owed("a", awaiting=True),)))


@pytest.mark.parametrize(
    ("items", "bought"),
    [
        ({"autoenroll-solo-month": 1}, Bought("solo", 2, 1, 250, ("sync",))),
        ({"autoenroll-bureau-year": 1, "autoenroll-seat-year": 3}, Bought("bureau", 8, 50, None, ("sync", "wall"))),
        ({"autoenroll-bureau-year": 1, "autoenroll-clients-year": 2}, Bought("bureau", 5, 100, None, ("sync", "wall"))),
        ({"autoenroll-enterprise-year": 1, "autoenroll-clients-year": 2}, Bought("enterprise", 25, None, None, ("sync", "wall", "policy"))),
        ({"autoenroll-solo-year": 1, "autoenroll-bureau-year": 1}, Bought("bureau", 5, 50, None, ("sync", "wall"))),
        ({"autoenroll-bureau-year": 0}, None), ({"autoenroll-seat-year": 3}, None), ({"somebody-elses": 1, "": 1, "autoenroll-x-year": 1}, None),
    ],
)  # fmt: skip
def test_what_is_bought(items: dict[str, int], bought: Bought | None) -> None:
    assert PLANS.bought(items.items()) == bought


def test_the_plans_are_whole() -> None:
    for one in (*PLANS.plans, *PLANS.addons):
        assert set(one.net) == set(INTERVALS)
        for interval in INTERVALS:
            assert PLANS.by_key(one.lookup_key(interval)) == one
            assert one.net[interval] > 0
    assert [plan.code for plan in PLANS.plans] == ["solo", "bureau", "enterprise"]


def test_grants_by_hand_and_by_payment_join() -> None:
    given = Grant("operator:1", Bought("school", 30, None, None, ()), day(0), day(400))
    paid_for = grants_of(Present((BUREAU,), (paid("a", 0, 365),)), PLANS)
    assert standing((*paid_for, given)).bought == given.bought
    assert standing((*paid_for, Grant("operator:1", given.bought, day(0), day(30)))).valid_until == day(365)
