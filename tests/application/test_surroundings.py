"""What each fact beside the database means, and what is to be done about it."""

from datetime import timedelta

from tests.application.test_diagnosis import NOW, told
from tracker.application import surroundings
from tracker.domain.routing import Subscriptions
from tracker.domain.subscription_events import SubscriptionAdded


def test_mail() -> None:
    """Whoever subscribed by mail gets none while no server is set, or while it does not take us: a fault."""
    by_mail = Subscriptions({"a": SubscriptionAdded("a", "email", "ada@example.org", None, None)})
    by_hook = Subscriptions({"b": SubscriptionAdded("b", "webhook", "https://example.org/", None, "env:S")})
    told(surroundings.of_mail(by_mail, configured=False), "fault", "1 subscribed", "TRACKER_MAIL_HOST")
    told(surroundings.of_mail(by_mail, configured=True), "ok", "1 subscribed", "`tracker doctor --online`")
    told(surroundings.of_mail(by_mail, configured=True, greeted=True), "ok", "the mail server takes us")
    told(surroundings.of_mail(by_mail, configured=True, trouble="login refused"), "fault", "login refused", "mail.host")
    told(surroundings.of_mail(by_hook, configured=False), "ok", "0 subscribed", "no mail server")


def test_web() -> None:
    """Links that nobody serves are worth a warning, an address that is taken is a fault; not to listen is neither."""
    told(surroundings.of_web(None, None, "nobody"), "ok", "listens nowhere")
    served = surroundings.of_web("127.0.0.1:1", "https://a.example", "tracker")
    told(served, "ok", "listens at 127.0.0.1:1", "lead to https://a.example")
    told(surroundings.of_web("127.0.0.1:1", None, "nobody"), "ok", "would listen at 127.0.0.1:1")
    told(surroundings.of_web(None, "https://a.example", "nobody"), "warning", "https://a.example", "TRACKER_WEB_LISTEN")
    told(surroundings.of_web("127.0.0.1:1", None, "another"), "fault", "another program", "TRACKER_WEB_LISTEN")


def test_the_page() -> None:
    """A token that is too short, and an address that is taken or no address of this machine, are faults."""
    told(surroundings.of_page("127.0.0.1:1", None, "nobody"), "ok", "read only", "`tracker serve` shows it")
    told(surroundings.of_page("127.0.0.1:1", 16, "tracker"), "ok", "shown at http://127.0.0.1:1", "may write")
    told(surroundings.of_page("127.0.0.1:1", 15, "tracker"), "fault", "15 bytes", "openssl rand")
    told(surroundings.of_page("10.9.9.9:1", 16, "Cannot assign"), "fault", "Cannot assign", "TRACKER_SERVE_LISTEN")


def test_secrets() -> None:
    """Each secret that cannot be read is named with what it is for; of many only the first few are."""
    told(surroundings.of_secrets({}), "ok", "can be read")
    missing = {f"subscription s{number}": "the variable S is not set" for number in range(7)}
    told(
        surroundings.of_secrets(missing), "warning", "7 cannot be read", "subscription s0: the variable S", "and 2 more"
    )


def test_what_is_declared() -> None:
    """A config file that keeps a worker from starting is a fault, in its own words."""
    told(surroundings.of_declared(1, 2, None), "ok", "1 feed and 2 subscriptions")
    told(surroundings.of_declared(0, 2, None, waiting=1), "ok", "1 not taken up yet", "`tracker run`")
    told(surroundings.of_declared(0, 0, "no story harbour"), "fault", "no story harbour", "no worker starts")


def test_the_clock() -> None:
    """A clock behind the newest event is a fault; a minute may pass between machines."""
    told(surroundings.of_clock(NOW, None), "ok", "2024-06-01 12:00")
    told(surroundings.of_clock(NOW, NOW + timedelta(minutes=1)), "ok")
    told(surroundings.of_clock(NOW, NOW + timedelta(hours=1)), "fault", "2024-06-01 13:00", "timedatectl")
