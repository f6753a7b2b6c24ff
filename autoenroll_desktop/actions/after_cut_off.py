"""Find the way to put right a mistake in a pay run that has been sent: three answers and the figures in, advice out."""

import datetime as dt

from autoenroll_desktop.domain.way_out import Mistake, WayOut, Wrong
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.rules.after_cut_off import load_practice, way_out
from autoenroll_desktop.rules.book import NotInForce, load_book


def annual_limit(pay_date: dt.date) -> int:
    """Cents of gross pay in a year above which nothing is contributed; the figures of a way out leave it aside."""
    limit: int = load_book().on(pay_date)["annual-limit"]
    return limit


def after_cut_off(mistake: Mistake, now: dt.datetime) -> WayOut:
    """The way to put `mistake` right.

    Raises:
        AppError: the figures do not fit what is said to be wrong, the package is not known, or there were no
            contributions yet.
    """
    if problem := _problem(mistake):
        raise AppError(*problem)
    makers = load_practice()
    known = [maker.package for maker in makers]
    if mistake.package and mistake.package not in known:
        action = f"Known are {', '.join(known)}; for any other leave the package out"
        raise AppError(f"Nothing is known about the package {mistake.package}", "", action)
    try:
        return way_out(mistake, now, load_book(), makers)
    except NotInForce as error:
        raise AppError("No contributions exist on that pay date", "the scheme began on 01/01/2026") from error


def _problem(mistake: Mistake) -> tuple[str, str, str] | None:
    """What does not fit, why, and what to do; None when everything fits."""
    sent, right = mistake.sent_gross, mistake.right_gross
    amounts = (sent, right, mistake.sent_employee or 0, mistake.sent_employer or 0, mistake.next_gross or 0)
    if min(amounts) < 0:
        return ("An amount is negative", "no rule is known for negative pay", "Give amounts of 0 or more")
    match mistake.wrong:
        case Wrong.TOO_LITTLE if right <= sent:
            return ("Nothing was too little", "the right gross pay is not above the one sent", "Check the two amounts")
        case Wrong.TOO_MUCH if right >= sent:
            return ("Nothing was too much", "the right gross pay is not below the one sent", "Check the two amounts")
        case Wrong.LEFT_OUT if sent or not right:
            return (
                "The figures do not fit somebody left out",
                "nothing was sent for them, and they were paid",
                "Give the gross pay they were paid as the right one",
            )
        case Wrong.WRONGLY_IN | Wrong.DETAILS if not sent:
            return ("Nothing was sent for this person", "the gross pay sent is 0", "Give the gross pay that was sent")
        case Wrong.CONTRIBUTION if right == sent and mistake.sent_employee is None and mistake.sent_employer is None:
            return (
                "What was sent does not differ from what is right",
                "the gross pay is the same and no contributions were given",
                "Give the contributions that were sent",
            )
    return None
