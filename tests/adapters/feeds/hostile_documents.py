"""Hostile and broken documents by name, each with the titles that must be read in it, or the line that refuses it."""

import gzip
import json
import zlib

TEXT = "Brücke – “zu” für 5 €"
Cases = dict[str, tuple[bytes, tuple[str, ...] | str]]


def rss(items: str | bytes, prolog: str | bytes = b"") -> bytes:
    """Return an RSS document around items."""
    inner, before = (part.encode() if isinstance(part, str) else part for part in (items, prolog))
    return before + b"<rss version='2.0'><channel><title>t</title>" + inner + b"</channel></rss>"


def item(title: str | bytes) -> bytes:
    """Return an item of RSS with a title."""
    inner = title.encode() if isinstance(title, str) else title
    return b"<item><title>" + inner + b"</title></item>"


def declared(encoding: str, really: str | None = None, text: str = TEXT) -> bytes:
    """Return a document that says one encoding, and may be in another."""
    prolog = f"<?xml version='1.0' encoding='{encoding}'?>"
    return (prolog + rss(item(text)).decode()).encode(really or encoding)


def entities(levels: int, width: int) -> str:
    """Return entities that each name the one before so many times."""
    inner = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * width}">' for n in range(1, levels + 1))
    return f'<!DOCTYPE rss [<!ENTITY l0 "ha">{inner}]>'


def feed_of(*items: object, **more: object) -> bytes:
    """Return a JSON Feed."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items, **more}).encode()


XML: Cases = {
    "billion laughs": (rss(item("x &l9;"), entities(9, 10)), ("x &l9;",)),
    "quadratic blow-up": (rss(item("x" + "&l1;" * 9_000), entities(1, 30_000)), ("x" + "&l1;" * 249 + "&l1",)),
    "entity of a file": (rss(item("x &f;"), '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>'), ("x &f;",)),
    "entity of an address": (
        rss(item("x &f;"), '<!DOCTYPE rss [<!ENTITY f SYSTEM "http://127.0.0.1:9/">]>'),
        ("x &f;",),
    ),
    "parameter entity": (rss(item("x"), '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'), ("x",)),
    "external DTD": (rss(item("x"), '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/evil.dtd">'), ("x",)),
    "XInclude": (
        rss(item("x<i:include xmlns:i='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>")),
        ("x",),
    ),
    "stylesheet": (rss(item("x"), "<?xml-stylesheet href='file:///etc/passwd'?>"), ("x",)),
    "200,000 levels": (rss(b"<a>" * 200_000), "a document nested more than 2000 levels deep"),
    "50,000 levels of torn tags": (rss(b"<a " * 50_000), ()),
    "1,900 levels": (rss(b"<a>" * 1_900 + item("x") + b"</a>" * 1_900), ("x",)),
    "500,000 elements": (rss(b"<item/>" * 500_000), "a document of more than 400000 elements"),
    "a million attributes": (
        rss(b"<item " + b" ".join(b"a%d=''" % n for n in range(1_000_000)) + b"/>"),
        "a document with a tag of more than 100000 bytes",
    ),
    "one attribute of 2 MB": (
        rss(b"<item a='" + b"x" * 2_000_000 + b"'><title>x</title></item>"),
        "a document with a tag of more than 100000 bytes",
    ),
    "a CDATA of 5 MB": (rss(item(b"<![CDATA[" + b"<p>word</p> " * 430_000 + b"]]>")), (("word " * 200)[:999],)),
    "a title of 1 MB": (rss(item("word " * 200_000)), (("word " * 200)[:999],)),
    "a title of one word of 1 MB": (rss(item("w" * 1_000_000)), ("w" * 1_000,)),
    "CDATA without end": (rss(b"<item><title>x</title><description><![CDATA[ y"), ("x",)),
    "CDATA in CDATA": (rss(item("<![CDATA[<![CDATA[x]]>]]>")), ("x",)),
    "comment without end": (rss(item("x")) + b"<!-- ", ("x",)),
    "torn in a tag": (rss(item("x")).removesuffix(b"</channel></rss>") + b"<item><tit", ("x", "")),
    "torn in a letter": (b"<?xml version='1.0' encoding='utf-8'?>" + rss(item("x")) + "é".encode()[:1], ("x",)),
    "NUL in a title": (rss(item(b"x\0y")), ("xy",)),
    "NULs all over": (rss(item("x")).replace(b">", b">\0"), ("x",)),
    "control characters": (rss(item(bytes(range(1, 9)) + b"x\x0b\x0c\x0e\x1b\x7fy")), ("x y",)),
    "references to control characters": (rss(item("x&#0;&#8;&#11;&#x1b;&#xFFFE;y")), ("xy",)),
    "lone surrogates": (rss(item("x&#xD800;z&#xDFFF;&#55296;y")), ("xzy",)),
    "letters in two halves": (rss(item("x&#xD83D;&#xDE00;&#55357;&#56832;")), ("x\U0001f600\U0001f600",)),
    "letters that do not exist": (rss(item("x&#x110000;&#99999999999;y")), ("x\ufffd\ufffdy",)),
    "marks of direction and of no width": (rss(item("\ufeff\u202ex\u200b\u2066y\u2069\u00ad\u200f\u2060z")), ("xyz",)),
    "a tag in letters of no width": (rss(item("x &lt;scr\u200bipt&gt;alert(1)&lt;/scr\u200bipt&gt;")), ("x",)),
    "script escaped twice": (rss(item("x &amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;")), ("x",)),
    "namespaces that nobody declared": (rss(b"<a:b><item><c:d/><title>x</title></item></a:b>"), ("x",)),
    "twenty thousand namespaces": (
        rss(b"".join(b"<a%d:b xmlns:a%d='http://x/%d'/>" % (n, n, n) for n in range(20_000))),
        "a document of more than 500 namespaces",
    ),
    "namespace of another": (rss(b"<item xmlns='urn:x'><title>x</title></item>"), ("x",)),
    "places of no shape": (
        rss("<item><title>x</title><g:posList xmlns:g='http://www.opengis.net/gml'>a</g:posList></item>" + "<item/>"),
        ("x", ""),
    ),
    "chapters without a start": (
        rss(
            "<item><title>x</title><p:chapters xmlns:p='http://podlove.org/simple-chapters' version='1'><p:chapter/>"
            "</p:chapters></item>"
        ),
        ("x",),
    ),
    "name of an author of 400 KB": (
        rss(b"<item><title>x</title><author>" + b"1" * 400_000 + b"</author></item>"),
        ("x",),
    ),
    "upper case": (rss(item("x")).upper(), ("X",)),
    "two documents": (rss(item("x")) * 2, ("x", "x")),
    "feed inside of HTML": (b"<html><body>" + rss(item("x")) + b"</body></html>", ("x",)),
    "words before the feed": (b"Warning: mysql_connect() in /www/db.php on line 3\n" + rss(item("x")), ("x",)),
    "blank lines before the prolog": (b"\r\n \t" + declared("utf-8"), (TEXT,)),
    "DOCTYPE of RSS 0.91": (
        rss(item("x&eacute;"), '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x/r.dtd">'),
        ("xé",),
    ),
}

ENCODINGS: Cases = {
    "UTF-16 with its mark": (declared("utf-16"), (TEXT,)),
    "UTF-16 LE without a mark": (declared("utf-16", "utf-16-le"), (TEXT,)),
    "UTF-16 BE without a mark": (declared("utf-16", "utf-16-be"), (TEXT,)),
    "UTF-32 with its mark": (declared("utf-32"), (TEXT,)),
    "UTF-32 LE without a mark": (declared("utf-32", "utf-32-le"), (TEXT,)),
    "UTF-32 BE without a mark": (declared("utf-32", "utf-32-be"), (TEXT,)),
    "UTF-8 with its mark": (declared("utf-8", "utf-8-sig"), (TEXT,)),
    "UTF-8 that says UTF-16": (declared("utf-16", "utf-8"), (TEXT,)),
    "UTF-8 that says Latin-1": (declared("iso-8859-1", "utf-8"), (TEXT,)),
    "Windows-1252": (declared("windows-1252"), (TEXT,)),
    "Windows-1252 that says UTF-8": (declared("utf-8", "windows-1252"), (TEXT,)),
    "Windows-1252 that says Latin-1": (declared("iso-8859-1", "windows-1252"), (TEXT,)),
    "Windows-1252 that says nothing": (rss(item(TEXT.encode("windows-1252"))), (TEXT,)),
    "Windows-1252 that says US-ASCII": (declared("us-ascii", "windows-1252"), (TEXT,)),
    "KOI8-R": (declared("koi8-r", text="Новости"), ("Новости",)),
    "Shift JIS": (declared("shift_jis", text="ニュース"), ("ニュース",)),
    "GB 18030 that says GB 2312": (declared("gb2312", "gb18030", "新聞"), ("新聞",)),
    "Big5": (declared("big5", text="新聞"), ("新聞",)),
    "ISO-2022-JP": (declared("iso-2022-jp", text="ニュース"), ("ニュース",)),
    "an encoding that is none": (declared("bogus", "utf-8"), (TEXT,)),
    "UTF-16 that says UTF-8": (declared("utf-8", "utf-16"), (TEXT,)),
    "UTF-16 that says UTF-8, without a mark": (declared("utf-8", "utf-16-le"), (TEXT,)),
    "UTF-7": (declared("utf-7", "ascii", "+ADw-script+AD4-"), ("",)),
    "bytes of no alphabet in the middle": (
        declared("utf-8").replace(b"zu", b"z\x80\xffu"),
        (TEXT.replace("zu", "z€ÿu"),),
    ),
    "UTF-8 twice": (declared("utf-8", text=TEXT.encode().decode("latin-1")), (TEXT,)),
}

OTHERS: Cases = {
    "nothing": (b"", "empty answer"),
    "blanks and marks": (b"\xef\xbb\xbf \r\n\t", "empty answer"),
    "NULs": (b"\0" * 99, "empty answer"),
    "log-in page": (
        b"<!DOCTYPE html><html><head><title>Log in</title></head><form></form></html>",
        "an HTML page, not a feed",
    ),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj<</Type/Catalog>>endobj", "binary data, not a feed"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "binary data, not a feed"),
    "gzip": (gzip.compress(rss(item("x")) * 9, mtime=0), "binary data, not a feed"),
    "deflate": (zlib.compress(rss(item("x")) * 9), "binary data, not a feed"),
    "a path": (b"/etc/passwd", "plain text, not a feed"),
    "an address": (b"http://127.0.0.1:9/feed", "plain text, not a feed"),
    "site map": (
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url/></urlset>",
        "an XML document <urlset>, not a feed",
    ),
    "SOAP fault": (b"<s:Envelope xmlns:s='urn:s'><s:Body/></s:Envelope>", "an XML document <s:Envelope>, not a feed"),
}

JSON: Cases = {
    "JSON of 200,000 levels": (b'{"items":' + b"[" * 200_000, "broken JSON: nested too deep"),
    "items of 100,000 levels": (
        b'{"items":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        "broken JSON: nested too deep",
    ),
    "500,000 brackets": (b'{"items":[' + b"{}," * 500_000, "a document of more than 400000 elements"),
    "50,000 items": (feed_of(*({"id": n, "title": str(n)} for n in range(50_000))), tuple(map(str, range(5_000)))),
    "NaN and Infinity": (b'{"items":[{"id":NaN,"title":"x"},{"id":-Infinity,"title":"y"}]}', ("x", "y")),
    "a number of 10,000 digits": (b'{"items":[{"id":' + b"9" * 10_000 + b',"title":"x"}]}', ("x",)),
    "a number of 1e400": (b'{"items":[{"id":1e400,"title":"x"}]}', ("x",)),
    "keys twice": (b'{"items":[],"items":[{"title":"x","title":"y"}]}', ("y",)),
    "surrogates": (b'{"items":[{"title":"x\\ud800y\\udc00"}]}', ("xy",)),
    "NUL and marks": (b'{"items":[{"title":"\\u0000x\\u202ey\\u200b"}]}', ("xy",)),
    "script": (feed_of({"content_html": "<script>alert(1)</script>", "title": "<b onclick='x()'>x</b>"}), ("x",)),
    "everything of a wrong type": (
        feed_of({"id": [], "url": {}, "title": 1, "date_published": 5, "content_text": None}),
        ("",),
    ),
    "items is an object": (b'{"version":"https://jsonfeed.org/version/1","items":{"title":"x"}}', ()),
    "letters of Latin-1": ('{"items":[{"title":"é"}]}'.encode("latin-1"), ("é",)),
    "JSON in UTF-16": ('{"items":[{"title":"é"}]}'.encode("utf-16"), ("é",)),
    "JSON with a mark": ('{"items":[{"title":"é"}]}'.encode("utf-8-sig"), ("é",)),
    "JSON torn": (b'{"items":[{"title":"x"},', "broken JSON: "),
    "JSON and more": (b'{"items":[{"title":"x"}]} <!-- cached -->', ("x",)),
    "an array": (b'[{"title":"x"}]', "a JSON document, not a feed"),
    "an error": (b'{"error":"not found"}', "a JSON document, not a feed"),
    "JSONP": (b'callback({"items":[{"title":"x"}]})', "plain text, not a feed"),
}
CASES = XML | ENCODINGS | OTHERS | JSON
