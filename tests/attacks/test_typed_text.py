"""Attacks 18, 19: what a client's name may hold – markup, script, htmx attributes, template language."""

import html.parser
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page
    from werkzeug.test import TestResponse

MARKUP = [
    "<script>alert(1)</script>",
    "</title><script src=//evil.example></script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    '"><button hx-post="/documents" hx-trigger="load">',
    "<svg onload=alert(1)>",
    "</textarea><iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--<script>-->",
    "]]><x:script/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "javascript:alert(1)//'\"><",
]
TEMPLATES = [
    "{{7*7}}",
    "{% raw %}x{% endraw %}",
    "${7*7}",
    "#{7*7}",
    "{0.__class__}",
    "{config}",
    "%(x)s",
    "{{config.items()}}",
]
SAFE_ATTRIBUTES = {"onload", "onerror", "onmouseover", "onclick"}


class Elements(html.parser.HTMLParser):
    """Every element with its attributes, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def new_offer(client: FlaskClient) -> str:
    location = client.post("/documents", data={"kind": "offer"}).location
    assert location is not None
    return location


def named(client: FlaskClient, text: str) -> str:
    """The address of an offer whose client has the text for names and contacts."""
    document = new_offer(client)
    names = ("last_name", "first_name", "title", "street", "city", "email", "phone", "birth_number", "postal_code")
    answer = client.post(f"{document}/sections/policyholder", data={f"policyholder.{name}": text for name in names})
    assert answer.status_code == 303
    return document


def pages_of(client: FlaskClient, document: str) -> "list[TestResponse]":
    """Every page and fragment that shows the document."""
    identity = document.rpartition("/")[2]
    sections = ("policyholder", "policy", "insured", "cover", "investment", "payment", "summary")
    addresses = [f"{document}/sections/{section}" for section in sections]
    addresses += ["/documents", f"/documents?selected={identity}", f"{document}/toolbar"]
    addresses += [f"/documents?selected={identity}&told=copied&about={identity}"]
    found = [client.get(address) for address in addresses]
    fragment = {"HX-Request": "true"}
    found.append(client.post("/documents/search", data={"q": ""}, headers=fragment))
    found.append(client.post(f"{document}/sections/policyholder", data={"policyholder.city": "Brno"}, headers=fragment))
    return found


def assert_harmless(answer: "TestResponse", text: str) -> None:
    """Nothing of the text became an element, an attribute or a header."""
    assert answer.status_code == 200
    assert text not in str(answer.headers)
    for tag, attributes in Elements(answer.text).found:
        assert tag not in {"iframe", "img", "object", "embed", "x:script"}
        assert tag != "script" or attributes.get("nonce")
        assert not SAFE_ATTRIBUTES & attributes.keys()
        assert not str(attributes.get("href", "")).startswith("javascript:")
        if tag != "hx-partial" and any(name.startswith("hx-") for name in attributes):
            assert attributes.get("hx-nonce")


@pytest.mark.parametrize("text", MARKUP)
def test_18_markup_in_a_name_stays_text_on_every_page(client: FlaskClient, text: str) -> None:
    document = named(client, text)
    answers = pages_of(client, document)
    for answer in answers:
        assert_harmless(answer, text)
    assert str(escape(text)) in answers[0].text


@pytest.mark.parametrize("text", MARKUP[:5])
def test_18_markup_in_what_is_searched_for_stays_text(client: FlaskClient, text: str) -> None:
    new_offer(client)
    answer = client.post("/documents/search", data={"q": text})
    assert_harmless(answer, text)
    assert str(escape(text)) in answer.text


@pytest.mark.parametrize("text", MARKUP[:5])
def test_18_markup_in_an_address_is_not_repeated(client: FlaskClient, text: str) -> None:
    document = new_offer(client)
    for address in (f"/{text}", f"{document}/sections/{text}", f"/documents/{text}", f"/documents?shelf={text}"):
        answer = client.get(address)
        assert answer.status_code in {400, 404}
        assert text not in answer.text


@pytest.mark.parametrize("text", TEMPLATES)
def test_19_template_language_in_a_name_is_shown_as_typed(client: FlaskClient, text: str) -> None:
    document = named(client, text)
    for answer in pages_of(client, document):
        assert answer.status_code == 200
    assert str(escape(text)) in client.get(f"{document}/sections/policyholder").text


@pytest.mark.browser
def test_18_in_a_real_browser_no_policy_is_violated_and_no_dialog_appears(page: "Page") -> None:
    troubles: list[str] = []

    def dismiss(dialog: "Dialog") -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("console", lambda line: troubles.extend([line.text] if "Security Policy" in line.text else []))
    for text in MARKUP[:6]:
        page.goto(page.url.partition("/documents")[0] + "/documents")
        page.locator("main button[value=offer], details.menu summary").first.click()
        if page.locator("details.menu[open] button").count():
            page.locator("details.menu[open] button[value=offer]").click()
        page.locator('[name="policyholder.last_name"]').fill(text)
        page.locator('[name="policyholder.first_name"]').click()
        expect(page.locator('[name="policyholder.last_name"]')).to_have_value(text)
    page.goto(page.url.partition("/documents")[0] + "/documents")
    expect(page.locator("table tbody tr")).to_have_count(6)
    assert troubles == []


@pytest.mark.browser
def test_18_an_htmx_attribute_without_the_nonce_of_the_page_is_dead(page: "Page") -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    stripped = page.evaluate("""() => {
        let stripped = 0;
        document.addEventListener("htmx:security:strip", () => stripped++);
        const planted = document.createElement("button");
        planted.setAttribute("hx-post", "/documents");
        planted.setAttribute("hx-trigger", "click");
        document.querySelector("main").append(planted);
        htmx.process(planted);
        planted.click();
        return stripped;
    }""")
    page.wait_for_timeout(300)
    assert stripped > 0
    assert not [url for url in asked if url.endswith("/documents")]
