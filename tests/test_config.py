"""Settings come from flags, variables, a file and defaults, in this order."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import make_url

from tracker.bootstrap.app import utc_now
from tracker.bootstrap.store import Store
from tracker.config import Database, Settings, load, secret, shown, variables
from tracker.errors import ConfigError

ROOT = Path(__file__).parents[1]


def written(folder: Path, text: str) -> Path:
    path = folder / "tracker.toml"
    path.write_text(text)
    return path


def test_without_anything_the_defaults_hold() -> None:
    """No file, no variables, no flags: the defaults of the model."""
    assert load(None, {}, {}) == Settings()


def test_flags_go_before_variables_and_variables_before_the_file(tmp_path: Path) -> None:
    """Each source overrides the ones below it, setting by setting."""
    path = written(tmp_path, "[worker]\ntick = 1\nfetchers = 2\nfeed_interval = 3\n")
    environ = {"TRACKER_WORKER_TICK": "10", "TRACKER_WORKER_FETCHERS": "20", "TRACKER_CONFIG": str(path)}
    worker = load(None, environ, {"worker": {"tick": 100}}).worker
    assert (worker.tick, worker.fetchers, worker.feed_interval) == (100, 20, 3)


def test_the_documented_config_file_is_valid_and_shows_the_defaults() -> None:
    """config/tracker.toml loads, and what it sets outside feeds and subscriptions is the default."""
    settings = load(ROOT / "config" / "tracker.toml", {}, {})
    assert len(settings.feed) > 3
    defaults = Settings()
    assert (settings.worker, settings.mail, settings.webhook) == (defaults.worker, defaults.mail, defaults.webhook)


def test_every_setting_is_documented_in_the_config_file() -> None:
    """No setting is left out of config/tracker.toml."""
    text = (ROOT / "config" / "tracker.toml").read_text()
    assert [name for name in variables() if name.split(".")[1] not in text] == []


def test_a_list_in_a_variable_is_separated_by_commas() -> None:
    """TRACKER_WORKER_ALLOW_PRIVATE names several servers."""
    environ = {"TRACKER_WORKER_ALLOW_PRIVATE": "loopback,10.0.0.1:80"}
    assert load(None, environ, {}).worker.allow_private == ("loopback", "10.0.0.1:80")


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        "[worker]\ntock = 1\n",
        "[worker]\ntick = 'often'\n",
        "[worker]\ntick = 0\n",
        "[worker]\ntick = nan\n",
        "[worker]\nfeed_interval = inf\n",
        "[worker]\nfetch_timeout = 1e12\n",
        "[worker]\nfetchers = 0\n",
        "[worker]\nuser_agent = 'a\\nb'\n".replace("'", '"'),
        "[mail]\nport = 99999\n",
        '[mail]\nsender = "a@b.org\\nBcc: x@y"\n',
        "[webhook]\ntimeout = inf\n",
        "[mail]\ntls = 'maybe'\n",
        "[[subscription]]\nstory = 's'\n",
        "[[subscription]]\nemail = 'a@b'\nwebhook = 'https://b'\n",
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    """Unknown keys, wrong types and impossible values raise ConfigError in one line."""
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, text), {}, {})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[mail]\nunsubscribe = 'desk'\n", "mail.unsubscribe"),
        ("[mail]\nunsubscribe = 'a@b.example, c@d.example'\n", "mail.unsubscribe"),
        ("[web]\npublic_url = 'https://a.example'\n", "web.key"),
        ("[web]\npublic_url = 'http://a.example'\nkey = 'env:K'\n", "web.public_url"),
        ("[web]\npublic_url = 'https://a.example/?x=y'\nkey = 'env:K'\n", "web.public_url"),
        ("[web]\npublic_url = 'https://'\nkey = 'env:K'\n", "web.public_url"),
        ("[web]\npublic_url = 'https://a.example/ b'\nkey = 'env:K'\n", "web.public_url"),
        ("[web]\npublic_url = 'https://bücher.example'\nkey = 'env:K'\n", "web.public_url"),
    ],
)
def test_a_way_out_that_would_end_nothing_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """No address without a host, no link that is not encrypted or not signed is put into mails."""
    with pytest.raises(ConfigError, match=words):
        load(written(tmp_path, text), {}, {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("url = 'https://a.example/v1'\n", "opinion.model"),
        ("url = 'ftp://a.example'\nmodel = 'm'\n", "opinion.url"),
        ("url = 'https://me:word@a.example/v1'\nmodel = 'm'\n", "opinion.url"),
        ("url = 'https://a.example/v1?key=x'\nmodel = 'm'\n", "opinion.url"),
        ("url = 'http://a.example/v1'\nmodel = 'm'\nkey = 'env:K'\n", "opinion.key"),
        ("timeout = 0\n", "opinion.timeout"),
        ("calls = 0\n", "opinion.calls"),
        ("longest = 10\n", "opinion.longest"),
    ],
)
def test_a_model_that_cannot_be_asked_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """An address without a model, with a key in it, or over which a key would travel open, and a budget of nothing."""
    with pytest.raises(ConfigError, match=words):
        load(written(tmp_path, f"[opinion]\n{text}"), {}, {})


def test_a_model_is_taken(tmp_path: Path) -> None:
    """Nobody is asked by default; a server of one's own network may be asked, and on this machine with a key."""
    assert Settings().opinion.url is None
    for url, key in (("http://10.0.0.7:8000/v1", None), ("http://localhost:8080/v1", "env:K"), ("https://[::1]", None)):
        text = f"[opinion]\nurl = '{url}'\nmodel = 'm'\n" + (f"key = '{key}'\n" if key else "")
        opinion = load(written(tmp_path, text), {}, {}).opinion
        assert (opinion.url, opinion.key, opinion.settles) == (url, key, False)


def test_a_way_out_is_taken(tmp_path: Path) -> None:
    """A public address may have a port and a path; on this machine it may be without encryption, for trying."""
    for url in ("https://a.example", "https://a-b.example:8443/desk/", "http://127.0.0.1:8377", "http://localhost"):
        path = written(
            tmp_path, f"[mail]\nunsubscribe = 'de.sk+x@a.example'\n[web]\npublic_url = '{url}'\nkey = 'file:k'\n"
        )
        web = load(path, {}, {}).web
        assert (web.public_url, web.key) == (url, f"file:{tmp_path / 'k'}")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A missing file, and one that is no text, raise ConfigError."""
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "missing.toml", binary):
        with pytest.raises(ConfigError, match=path.name):
            load(path, {}, {})
    with pytest.raises(ConfigError, match="TRACKER_WORKER_TICK"):
        load(None, {"TRACKER_WORKER_TICK": "often"}, {})


def test_a_secret_is_found_behind_its_reference(tmp_path: Path) -> None:
    """env:NAME and file:PATH give the secret; anything else is refused without showing it."""
    (tmp_path / "secret").write_text("hush\n")
    assert secret(f"file:{tmp_path / 'secret'}") == "hush"
    assert secret("env:HUSH", {"HUSH": "hush"}) == "hush"
    for reference in ("hush", "env:", "env:MISSING", f"file:{tmp_path / 'missing'}"):
        with pytest.raises(ConfigError):
            secret(reference, {})
    with pytest.raises(ConfigError) as refused:
        secret("a-secret-value", {})
    assert "a-secret-value" not in str(refused.value)


def test_what_is_shown_holds_no_password() -> None:
    """The settings for a person name the database without its password."""
    settings = load(None, {"TRACKER_DATABASE_URL": "postgresql://me:hush@db.example.org/tracker"}, {})
    assert shown(settings)["database"]["url"] == "postgresql://me@db.example.org/tracker"
    assert shown(Settings())["database"]["url"] is None


def test_a_file_of_a_secret_is_found_from_the_folder_of_the_config_file(tmp_path: Path) -> None:
    """A worker may be started from any folder: relative paths of references are made whole, and nothing else is."""
    path = written(
        tmp_path,
        "[mail]\npassword = 'file:smtp'\n"
        "[[feed]]\nurl = 'https://a.example/'\nname = 'file:x'\nlogin = 'file:in/login'\nproxy = 'http://p:1'\n"
        "headers = { X-Key = 'file:key', X-Desk = '7' }\n"
        "[[subscription]]\nwebhook = 'https://a.example/'\nsecret = 'file:/etc/hook'\n",
    )
    settings = load(path, {}, {})
    (feed,) = settings.feed
    assert settings.mail.password == f"file:{tmp_path / 'smtp'}"
    assert (feed.name, feed.login, feed.proxy) == ("file:x", f"file:{tmp_path / 'in' / 'login'}", "http://p:1")
    assert feed.headers == {"X-Key": f"file:{tmp_path / 'key'}", "X-Desk": "7"}
    assert settings.subscription[0].secret == "file:/etc/hook"
    assert load(path, {"TRACKER_MAIL_PASSWORD": "file:x"}, {}).mail.password == "file:x"


def test_the_password_of_a_database_is_a_reference(tmp_path: Path) -> None:
    """It goes into the address that is connected to, and into nothing that is shown; SQLite has none."""
    (tmp_path / "password").write_text("hu:sh/@\n")
    database = Database(url="postgresql://me@db.example.org/tracker", password=f"file:{tmp_path / 'password'}")
    store = Store(Settings(database=database), utc_now)
    assert make_url(store.database_url).password == "hu:sh/@"
    assert "sh" not in store.shown_database().replace("postgresql", "")
    assert Store(Settings(database=replace(database, url="sqlite:///a.db")), utc_now).database_url == "sqlite:///a.db"
    with pytest.raises(ConfigError, match="missing"):
        _ = Store(Settings(database=replace(database, password=f"file:{tmp_path / 'missing'}")), utc_now).database_url


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[worker]\ntikc = 1\n", ": [worker] has no key tikc; did you mean tick?"),
        ("[wroker]\ntick = 1\n", ": there is no section wroker; did you mean worker?"),
        (
            '[[feed]]\nurl = "https://a.example/"\nartcle = true\n',
            ": [[feed]] has no key artcle; did you mean article?",
        ),
        ("[mail]\nzzzzz = 1\n", ": [mail] has no key zzzzz; `tracker config show` lists what there is"),
        ("[worker]\n[mail\n", ", line 2, column 6: Expected ']' at the end of a table declaration"),
        ("[worker]\ntick = [1,\n", ", line 3, the last: Invalid value"),
    ],
)
def test_a_slip_in_a_config_file_is_found(tmp_path: Path, text: str, told: str) -> None:
    """A key that there is not is told with the nearest, and what is no TOML with its file and line."""
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        load(path, {}, {})
    assert str(refused.value).startswith(f"config {path}{told}")
