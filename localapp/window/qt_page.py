"""Pages in the window on Linux: the desk and nothing else, no permission given, no new windows.

pywebview's own classes for it grant camera and microphone, show "Inspect Element" and hand every new window to the
system's browser, which has no session; these take their place.
"""

import threading
import webbrowser
from typing import Any

from PyQt6.QtCore import Qt, QUrl
from PyQt6.QtGui import QAction, QContextMenuEvent
from PyQt6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PyQt6.QtWebEngineWidgets import QWebEngineView
from PyQt6.QtWidgets import QMenu

from localapp.window import links

_On = QWebEngineSettings.WebAttribute
_ATTRIBUTES = {
    _On.PluginsEnabled: True,  # pywebview leaves both off: a PDF would become a download
    _On.PdfViewerEnabled: True,
    _On.AutoLoadIconsForPage: False,  # the window has its own
    _On.LocalStorageEnabled: False,
    _On.JavascriptCanOpenWindows: False,
    _On.JavascriptCanAccessClipboard: False,
    _On.LocalContentCanAccessFileUrls: False,
    _On.LocalContentCanAccessRemoteUrls: False,
    _On.ScreenCaptureEnabled: False,
    _On.HyperlinkAuditingEnabled: False,
    _On.WebGLEnabled: False,
    _On.DnsPrefetchEnabled: False,
}
_MENU = {
    "cut": QWebEnginePage.WebAction.Cut,
    "copy": QWebEnginePage.WebAction.Copy,
    "paste": QWebEnginePage.WebAction.Paste,
    "select_all": QWebEnginePage.WebAction.SelectAll,
}


def open_outside(address: str) -> None:
    """Give an address to the system's browser; some take until they are closed, so not in this thread."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


class OnlyTheDesk(QWebEngineUrlRequestInterceptor):
    """Stops each request that would leave the desk, whoever makes it."""

    def __init__(self, origin: str) -> None:
        super().__init__()
        self._origin = origin

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802 - Qt's name
        """Qt asks before each request."""
        if links.is_foreign(info.requestUrl().toString(), self._origin):
            info.block(True)


class DeskPage(QWebEnginePage):
    """A page of the desk."""

    origin = ""

    def __init__(self, parent: Any, profile: QWebEngineProfile) -> None:  # noqa: ANN401 - pywebview's window
        super().__init__(profile, parent.webview)
        self.featurePermissionRequested.connect(self._refuse)
        for attribute, wanted in _ATTRIBUTES.items():
            self.settings().setAttribute(attribute, wanted)

    def _refuse(self, origin: QUrl, feature: Any) -> None:  # noqa: ANN401 - Qt's enumeration
        self.setFeaturePermission(origin, feature, QWebEnginePage.PermissionPolicy.PermissionDeniedByUser)

    def acceptNavigationRequest(  # noqa: N802 - Qt's name
        self,
        url: QUrl,
        kind: QWebEnginePage.NavigationType,
        is_main_frame: bool,
    ) -> bool:
        """Qt asks before the page goes anywhere."""
        address = url.toString()
        if not is_main_frame:
            return not links.is_foreign(address, self.origin)  # the frame that shows a PDF is the browser's own
        where = links.leads(address, self.origin)
        if where == links.OUTSIDE and kind == QWebEnginePage.NavigationType.NavigationTypeLinkClicked:
            open_outside(address)
        return where == links.INSIDE

    def createWindow(self, kind: QWebEnginePage.WebWindowType) -> QWebEnginePage:  # noqa: ARG002, N802 - Qt's signature
        """Qt asks for the page of a new window: what was to open there opens here, or in the system's browser."""
        return _Elsewhere(self)

    def javaScriptConsoleMessage(self, *said: object) -> None:  # noqa: N802 - Qt's name
        """What a page says to its console might hold a client's data: it goes nowhere."""


class _Elsewhere(QWebEnginePage):
    """Stands in for a new window until it is known what it was to show."""

    def __init__(self, opener: DeskPage) -> None:
        super().__init__(opener.profile(), opener)
        self._opener = opener

    def acceptNavigationRequest(self, url: QUrl, kind: object, is_main_frame: bool) -> bool:  # noqa: ARG002, N802 - Qt's signature
        """Qt asks with the address that was to be opened."""
        where = links.leads(url.toString(), self._opener.origin)
        if where == links.INSIDE:
            self._opener.setUrl(url)
        elif where == links.OUTSIDE:
            open_outside(url.toString())
        self.deleteLater()
        return False


class DeskView(QWebEngineView):
    """What shows the page in the window."""

    def __init__(self, parent: Any) -> None:  # noqa: ANN401 - pywebview's window
        super().__init__(parent)
        self.say = parent.say

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """A menu to edit with; Qt's own offers the source of the page and to save it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, wanted in _MENU.items():
            own = self.page().action(wanted)
            entry = QAction(self.say(name), menu)
            entry.setEnabled(own.isEnabled())
            entry.triggered.connect(own.trigger)
            menu.addAction(entry)
        menu.popup(event.globalPos())
