"""Nastavení → Připojení: the proxy of a company's network, which is also needed before activation."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from localapp.sync.proxy import Proxy, ProxyRefused, kept_proxy, proxy_text, read_proxy
from localapp.sync.transport import TransportFailed
from localapp.web.desk import PROXY, Desk
from localapp.web.wording import told

Page = str | Response | tuple[str, int]


def make_blueprint(desk: Desk) -> Blueprint:
    """The page and its command."""
    blueprint = Blueprint("connection", __name__, url_prefix="/connection")
    blueprint.add_url_rule("", "index", lambda: _show(_typed(kept_proxy(desk.store.setting(PROXY)))))
    blueprint.add_url_rule("", "save", lambda: _save(desk), methods=["POST"])
    return blueprint


def _typed(proxy: Proxy | None) -> dict[str, str]:
    """The fields of a proxy; its password is never shown again."""
    return {"address": proxy.address if proxy else "", "user": proxy.user if proxy else ""}


def _show(typed: dict[str, str], *, problem: str = "", refusal: str = "", saved: bool = False) -> Page:
    body = render_template(
        "connection/index.html", tab="settings", typed=typed, problem=problem, refusal=refusal, saved=saved
    )
    return body, 422 if problem else 200


def _save(desk: Desk) -> Page:
    """Keep what was typed and try it at once; an empty address switches the proxy off."""
    typed = {name: request.form.get(name, "") for name in ("address", "user")}
    try:
        proxy = _read(typed, request.form.get("password", ""), kept_proxy(desk.store.setting(PROXY)))
    except ProxyRefused as refused:
        return _show(typed, problem=refused.field)
    desk.store.set_setting(PROXY, proxy_text(proxy))
    return _show(_typed(proxy), saved=True, refusal=_tried(desk))


def _read(typed: dict[str, str], password: str, kept: Proxy | None) -> Proxy | None:
    """The proxy of the form. An empty password is the kept one, as long as proxy and name are the same."""
    found = read_proxy(typed["address"], typed["user"], password)
    same = found and kept and (found.address, found.user) == (kept.address, kept.user)
    return kept if same and not password else found


def _tried(desk: Desk) -> str:
    """Why the endpoint does not answer; empty when it does."""
    try:
        desk.transport().ask("GET", "/v1/", {})
    except TransportFailed as failed:
        return told(failed.refusal)
    return ""
