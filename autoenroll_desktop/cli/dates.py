"""The verbs `dates` and `late` of the terminal program: what a pay date asks for, and what to do after it."""

import argparse
import datetime as dt

from autoenroll_desktop.cli.arguments import Verbs, date, moment, money, rate, verb, words_in
from autoenroll_desktop.domain.way_out import Mistake, Sent, Wrong


def add_dates(verbs: Verbs) -> None:
    """Add both verbs."""
    dates = verb(verbs, "dates", _dates, "the cut-off, bank day, notice, opt-out windows and interest of a pay date")
    dates.add_argument("--pay-date", required=True, type=date, metavar="DATE")
    dates.add_argument("--enrolled", type=date, metavar="DATE", help="enrolment date: opt-out windows, suspension")
    dates.add_argument("--re-enrolled", type=date, metavar="DATE", help="re-enrolment date, if there was one")
    dates.add_argument(
        "--notice-received", type=date, metavar="DATE", help="NAERSA's notice: when to tell the employee"
    )
    dates.add_argument("--notice-given", type=date, metavar="DATE", help="when the employee was told")
    dates.add_argument("--period-end", type=date, metavar="DATE", help="end of a pay reference period")
    dates.add_argument("--opted-out", type=date, metavar="DATE", help="opt-out date: when NAERSA enrols again")
    dates.add_argument("--suspended", type=date, metavar="DATE", help="start of a suspension: when it ends")
    dates.add_argument("--contribution", type=money, metavar="EUROS", help="due with the pay date: interest if late")
    dates.add_argument("--paid-on", type=date, metavar="DATE", help="when it was paid; default today")
    dates.add_argument("--employee-paid", type=money, metavar="EUROS", help="what of it an opt-out would give back")

    late = verb(verbs, "late", _late, "what to do about a mistake found after the submission was sent")
    late.add_argument("--wrong", required=True, choices=tuple(map(str, Wrong)), help="what is wrong")
    late.add_argument(
        "--sent", choices=tuple(map(str, Sent)), default="unknown", help="was a submission for the pay date processed?"
    )
    late.add_argument("--package", default="", metavar="NAME", help="your payroll package (sage-50, brightpay …)")
    late.add_argument("--pay-date", required=True, type=date, metavar="DATE")
    late.add_argument("--gross-sent", type=money, default=0, metavar="EUROS", help="gross pay as sent to NAERSA")
    late.add_argument("--gross-right", type=money, default=0, metavar="EUROS", help="gross pay as it should have been")
    late.add_argument(
        "--employee-sent", type=money, metavar="EUROS", help="the contribution sent, if it was not gross x rate"
    )
    late.add_argument("--employer-sent", type=money, metavar="EUROS")
    late.add_argument("--rate", type=rate, metavar="PERCENT", help="the AEPN's rate; default the Act's")
    late.add_argument("--next-gross", type=money, metavar="EUROS", help="gross pay planned for the next run")
    late.add_argument("--next-pay-date", type=date, metavar="DATE")
    late.add_argument("--leaver", action="store_true", help="there is no next pay run for this person")
    late.add_argument("--employer", metavar="ERN", help="for the text to NAERSA")
    late.add_argument("--run", metavar="REF", help="payroll run reference, for the text to NAERSA")
    late.add_argument("--who", metavar="TEXT", help="works number or name, for the text to NAERSA")

    for one in (dates, late):
        one.add_argument("--now", type=moment, default=None, metavar="ISO-DATETIME", help="the clock; default now")
        one.add_argument("--format", choices=("text", "json"), default="text")
        one.add_argument("--lang", choices=("en", "ga"), default="")


def _dates(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.work_out_dates import Asked, penalties, work_out_dates
    from autoenroll_desktop.reports.duty_dates import dates_as_json, dates_as_text

    asked = Asked(
        pay_date=arguments.pay_date,
        enrolled=arguments.enrolled,
        re_enrolled=arguments.re_enrolled,
        notice_received=arguments.notice_received,
        notice_given=arguments.notice_given,
        period_end=arguments.period_end,
        opted_out=arguments.opted_out,
        suspended=arguments.suspended,
        contribution=arguments.contribution,
        paid_on=arguments.paid_on,
        employee_paid=arguments.employee_paid,
    )
    dates = work_out_dates(asked, arguments.now or dt.datetime.now(dt.UTC))
    if arguments.format == "json":
        print(dates_as_json(dates))
    else:
        print(dates_as_text(dates, words_in(arguments.lang), penalties()), end="")
    return 0


def _late(arguments: argparse.Namespace) -> int:
    from autoenroll_desktop.actions.after_cut_off import after_cut_off, annual_limit
    from autoenroll_desktop.reports.way_out import Subject, way_out_as_json, way_out_as_text

    mistake = Mistake(
        wrong=Wrong(arguments.wrong),
        sent=Sent(arguments.sent),
        package=arguments.package,
        pay_date=arguments.pay_date,
        sent_gross=arguments.gross_sent,
        right_gross=arguments.gross_right,
        sent_employee=arguments.employee_sent,
        sent_employer=arguments.employer_sent,
        rate=arguments.rate,
        next_gross=arguments.next_gross,
        next_pay_date=arguments.next_pay_date,
        leaver=arguments.leaver,
    )
    found = after_cut_off(mistake, arguments.now or dt.datetime.now(dt.UTC))
    subject = Subject(arguments.employer, arguments.run, arguments.who)
    words = words_in(arguments.lang)
    if arguments.format == "json":
        print(way_out_as_json(found, words, subject))
    else:
        print(way_out_as_text(found, words, subject, annual_limit(arguments.pay_date)), end="")
    return 0
