"""An office buys as a person does: order in the app, pay in a browser on the checkout page, and the licence is there.

Everything is real but Stripe: the service in a process of its own with its worker and database, the app's own actions over
HTTP, a headless Chromium, webhooks over HTTP, a licence checked with the public keys.
"""

import datetime as dt
import queue
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from autoenroll_desktop.actions.buy_licence import Fetched, begin_purchase, fetch_licence, tell_price, wait_for_licence
from autoenroll_desktop.actions.licence import Home, activate, request
from autoenroll_desktop.app import Kept
from autoenroll_desktop.domain.words import Words
from autoenroll_desktop.errors import AppError
from autoenroll_desktop.sync.licence_api import LicenceApi, NotGiven, NotReached
from autoenroll_desktop.ui.dialogs.account import AccountDialog
from autoenroll_desktop.ui.dialogs.paste_text import PasteDialog
from autoenroll_desktop.ui.dialogs.recovery_code import RecoveryCodeDialog
from autoenroll_desktop.ui.main_window import MainWindow
from server_sync.contract.licensing import Order
from server_sync.database.embedded import Embedded
from tests.browser import browser_or_skip
from tests.conftest import ROOT
from tests.driving import LONG, dialog, opened
from tests.fake_stripe.postman import sign
from tests.fake_stripe.server import FakeStripe
from tests.fake_stripe.shapes import Object
from tests.server.buying import SECRET_KEY, WEBHOOK_SECRET
from tests.server.desk import PASSWORD, Desk
from tests.server.serving import Serving, over_http, program

WORDS = Words.load(ROOT / "resources")
BUREAU = Order(plan="bureau", interval="year", extra_seats=1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Caller:
    """Stripe's side of the webhook: calls the service with each event until it says 2xx."""

    def __init__(self, address: str) -> None:
        self.address = f"{address}/v1/stripe/webhook"
        self.open = threading.Event()
        self.open.set()
        self.events: queue.Queue[Object | None] = queue.Queue()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.open.set()
        self.events.put(None)
        self.thread.join()

    def _run(self) -> None:
        while (event := self.events.get()) is not None:
            self.open.wait()
            if not self._sent(event):
                self.events.put(event)
                time.sleep(0.1)

    def _sent(self, event: Object) -> bool:
        body, header = sign(event, WEBHOOK_SECRET)
        headers = {"Stripe-Signature": header, "Content-Type": "application/json"}
        try:
            return requests.post(self.address, data=body, headers=headers, timeout=10).ok
        except requests.RequestException:
            return False


@dataclass
class Place:
    """A service that sells, and who calls it."""

    fake: FakeStripe
    data: Path
    port: int
    caller: Caller
    service: Serving

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def session(self, url: str) -> Object:
        """The checkout session of a page."""
        return self.fake.account.things[url.rpartition("/")[2]]

    def start_again(self) -> None:
        """The service dies and is started anew."""
        self.service.stop(signal.SIGKILL)
        self.service = serve(self.fake, self.data, self.port)


def serve(fake: FakeStripe, data: Path, port: int) -> Serving:
    return Serving(data, port, **environment(fake, port))


def environment(fake: FakeStripe, port: int) -> dict[str, str]:
    return {
        "STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET, "STRIPE_API_BASE": fake.url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="autoenroll-serve-") as folder, FakeStripe(int(time.time())) as fake:
        Path(folder).chmod(0o711)
        data = Path(folder) / "data"
        caller = Caller(f"http://127.0.0.1:{port}")
        place = Place(fake, data, port, caller, serve(fake, data, port))
        try:
            pushed = program("--data", str(data), "admin", "plans", "push", **environment(fake, port))
            assert "autoenroll-bureau-year: made, 590.00 eur without VAT" in pushed.stdout, pushed.stderr
            fake.account.tell = caller.events.put
            yield place
        finally:
            fake.account.tell = lambda event: None
            caller.stop()
            place.service.stop()
            Embedded(data).stop()


@dataclass
class App:
    """The app's side: its access to the service and where its licence lives."""

    api: LicenceApi
    home: Home

    def wait(self) -> Fetched:
        """Ask until the licence is here; by itself it would go on for ever, a person gives up."""
        asked = iter(range(600))
        found = wait_for_licence(self.api, self.home, WORDS, now, lambda _seconds: _pause(next(asked, None)))
        assert found is not None
        return found


def _pause(turn: int | None) -> bool:
    time.sleep(0.05)
    return turn is not None


@pytest.fixture
def app(place: Place, tmp_path: Path) -> App:
    return new_app(place, tmp_path / "licence.json")


@pytest.fixture
def other(place: Place, tmp_path: Path) -> App:
    return new_app(place, tmp_path / "other.json")


def new_app(place: Place, kept: Path) -> App:
    """An office and its first PC."""
    desk = Desk(over_http(place.address)).make_office()
    session = requests.Session()
    session.trust_env = False
    home = Home(kept, place.data / "licence-keys.toml")
    return App(LicenceApi(place.address, lambda: desk.sign().token or "", session), home)


def test_in_a_browser(place: Place, app: App) -> None:
    assert fetch_licence(app.api, app.home, now(), WORDS).state == "none"
    bureau = app.api.offers().plans[1]
    assert tell_price(bureau.prices[1], WORDS) == "€590.00 a year plus VAT (€725.70 with 23 % VAT)"
    page = begin_purchase(app.api, BUREAU)
    with browser_or_skip() as browser:
        browser.open(page.url)
        assert browser.title == "Checkout"
        assert "autoenroll-bureau-year" in browser.text("ul")
        browser.click("#card")
        started = time.monotonic()
        browser.wait_for(f"{place.address}/licence/thanks")
        assert browser.text("h1") == "Thank you"
        found = app.wait()
        print(f"seconds from paying to the licence: {time.monotonic() - started:.2f}")
        browser.open(app.api.portal())
        browser.click("#cancel")
        browser.wait_for(f"{place.address}/licence/back")
        assert browser.text("h1") == "Nothing was changed here"
    assert (found.state, found.standing.state) == ("active", "licensed")
    assert found.standing.licence is not None
    assert (found.standing.licence.plan, found.standing.licence.seats) == ("bureau", 6)


def test_with_the_service_killed_in_the_middle(place: Place, app: App, other: App) -> None:
    """One office's events had come and were not handled, the other's come when the service is back; and for neither did
    the page load on which a browser comes back.
    """
    ours, theirs = (begin_purchase(one.api, BUREAU) for one in (app, other))
    place.fake.account.pay(place.session(ours.url), "card")
    while not place.caller.events.empty():
        time.sleep(0.02)
    place.caller.open.clear()
    place.fake.account.pay(place.session(theirs.url), "card")
    assert fetch_licence(other.api, other.home, now(), WORDS).state == "none"
    place.start_again()
    place.caller.open.set()
    assert [one.wait().standing.state for one in (app, other)] == ["licensed", "licensed"]
    listed = program("--data", str(place.data), "admin", "licences", "list").stdout  # beside the service that runs
    assert listed.count(" bureau ") >= 2


def test_no_secret_leaves_its_place(place: Place, app: App) -> None:
    """Neither Stripe's keys nor the licence keys are in the database's files or in the service's log."""
    begin_purchase(app.api, BUREAU)
    licence_keys = (place.data / "licence-keys").read_text().strip().split(",")
    secrets = [one.encode() for one in (SECRET_KEY, WEBHOOK_SECRET, *licence_keys)]
    logs = [path for path in place.data.parent.iterdir() if path.suffix == ".log"]
    files = [
        path for path in place.data.rglob("*") if path.is_file() and path.name not in ("licence-keys", "keys.json")
    ]
    assert logs
    assert len(files) > 100
    for path in (*logs, *files):
        content = path.read_bytes()
        assert [one for one in secrets if one in content] == [], path


def test_no_network_is_told_plainly() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        api = LicenceApi(f"http://127.0.0.1:{taken.getsockname()[1]}", lambda: "token", requests.Session())
        with pytest.raises(NotReached, match="cannot be reached"):
            api.offers()


def test_a_page_in_between_is_no_answer(place: Place) -> None:
    """A captive portal answers everything with a page of its own."""
    api = LicenceApi(f"{place.address}/licence/thanks?", lambda: "token", requests.Session())
    with pytest.raises(NotReached, match="cannot be reached"):
        api.offers()


def test_a_token_nobody_knows(place: Place) -> None:
    api = LicenceApi(place.address, lambda: "no token", requests.Session())
    with pytest.raises(NotGiven) as refused:
        api.licence()
    assert refused.value.slug == "unauthenticated"
    assert isinstance(refused.value, AppError)


class Opened(QObject):
    """The system's browser: which pages the window asked it to open."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[str] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.pages.append(url.toString())


@pytest.fixture
def pages() -> Iterator[list[str]]:
    there = Opened()
    QDesktopServices.setUrlHandler("http", there, "show")
    yield there.pages
    QDesktopServices.unsetUrlHandler("http")


@pytest.fixture
def window(qtbot, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The window of a new office's first PC."""
    monkeypatch.setenv("AUTOENROLL_PASSPHRASE", "a passphrase of this test")
    monkeypatch.setenv("AUTOENROLL_LICENCE_KEYS", str(place.data / "licence-keys.toml"))
    monkeypatch.setenv("AUTOENROLL_SERVICE", place.address)
    kept = Kept(tmp_path, tmp_path / "store", tmp_path / "window.ini", tmp_path / "licence.json")
    window = opened(qtbot, kept=kept)
    window.go_to("office")
    page = window.page_named("office")
    qtbot.waitUntil(page.sync.create_button.isEnabled, timeout=LONG)
    page.sync.create_button.click()
    asked = dialog(qtbot, window, AccountDialog)
    assert not asked.accept_button.isEnabled()
    for name, text in (("email", f"{uuid4().hex}@example.ie"), ("password", PASSWORD), ("password-again", PASSWORD)):
        asked.fields[name].setText(text)
    with qtbot.waitSignal(window.office.sync.code_made, timeout=LONG):
        asked.accept_button.click()
    dialog(qtbot, window, RecoveryCodeDialog).accept()
    qtbot.waitUntil(lambda: page.buy.plan.count() == 3 and page.buy.buy_button.isEnabled(), timeout=LONG)
    return window


def order(qtbot, window: MainWindow, pages: list[str]) -> str:
    """Order a Bureau licence for a year with one more seat; the page the browser was asked to open."""
    card = window.page_named("office").buy
    card.plan.setCurrentIndex(card.plan.findData("bureau"))
    card.seats.setValue(1)
    assert card.price.text() == "€640.00 a year plus VAT (€787.20 with 23 % VAT)"
    card.buy_button.click()
    qtbot.waitUntil(lambda: bool(pages), timeout=LONG)
    assert card.headline.text() == "Waiting for the payment"
    return pages[0]


def test_bought_in_the_window(qtbot, place: Place, window: MainWindow, pages: list[str]) -> None:
    page = order(qtbot, window, pages)
    office = window.page_named("office")
    with browser_or_skip() as browser:
        browser.open(page)
        browser.click("#card")
        started = time.monotonic()
        qtbot.waitUntil(lambda: window.status.standing.licence.text() == "Bureau licence", timeout=LONG)
        print(f"seconds from paying to the licence in the window: {time.monotonic() - started:.2f}")
    assert office.licence.headline.text() == "Licensed"
    qtbot.waitUntil(lambda: office.buy.headline.text() == "The licence is paid", timeout=LONG)
    assert "Seats taken: 1 of 6" in office.buy.text.text()
    qtbot.waitUntil(lambda: office.buy.portal_button.isEnabled() and len(office.buy.seat_rows) == 2, timeout=LONG)
    office.buy.portal_button.click()
    qtbot.waitUntil(lambda: len(pages) == 2, timeout=LONG)
    answered(qtbot, window, place)


def answered(qtbot, window: MainWindow, place: Place) -> None:
    """A PC without a network asks, this one answers, and the file it makes is good there and takes a seat."""
    office, folder = window.page_named("office"), window.office.licence.home().kept.parent
    away = Home(folder / "away.json", place.data / "licence-keys.toml")
    window.context.asking.save = lambda name, _kinds: folder / name
    qtbot.waitUntil(office.buy.answer_button.isEnabled, timeout=LONG)
    office.buy.answer_button.click()
    asked = dialog(qtbot, window, PasteDialog)
    asked.field.setPlainText(request(away, now(), "0.1.0"))
    asked.accept_button.click()
    qtbot.waitUntil((folder / "office.aelicence").exists, timeout=LONG)
    standing = activate(away, (folder / "office.aelicence").read_bytes(), now(), WORDS)
    assert (standing.state, standing.licence.plan) == ("licensed", "bureau")
    window.go_to("office")
    qtbot.waitUntil(lambda: len(office.buy.seat_rows) == 4, timeout=LONG)
    assert "without a network" in office.buy.seat_rows[2].text() + office.buy.seat_rows[0].text()


def test_bought_in_the_window_with_the_service_killed_in_the_middle(
    qtbot, place: Place, window: MainWindow, pages: list[str]
) -> None:
    page = order(qtbot, window, pages)
    place.caller.open.clear()
    place.fake.account.pay(place.session(page), "card")
    place.start_again()
    place.caller.open.set()
    qtbot.waitUntil(lambda: window.status.standing.licence.text() == "Bureau licence", timeout=LONG)
