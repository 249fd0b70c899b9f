"""The window on Linux: pywebview on Qt WebEngine, with what pywebview 6.2.1 does wrong put right.

Its script bridge is not installed: the page has no way to call Python, and the handshake is our own.
"""

import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QLocale, QObject, Qt, QTimer, QTranslator, QUrl, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PyQt6.QtWidgets import QApplication, QMessageBox

from localapp.window import geometry, lean, links
from localapp.window.ending import NO_PAGE, end
from localapp.window.qt_overlays import MARK, Cover, Note, PaperBar
from localapp.window.qt_page import DeskPage, DeskView, OnlyTheDesk
from localapp.window.qt_paper import Paper

lean.stand_in()
import webview  # noqa: E402 - it takes the modules that stand in
from webview.platforms import qt  # noqa: E402 - as above

if TYPE_CHECKING:
    from localapp.window.child import Line

TITLE = "SmartClient"  # all that it ever says: the title of a page could hold a name
_OPENING = "/open/"
_SAVING = 3000  # milliseconds that saving what was typed may take when the window closes
_CHECKING = 25  # milliseconds between two looks whether it has been saved
_PAINTING, _LOOKING = 1000, 10  # milliseconds that painting may take, and between two looks
_SEEN = "document.readyState !== 'loading' && performance.getEntriesByName('first-contentful-paint').length > 0"
_LEAVE = """(() => {
  const state = document.documentElement.dataset;
  state.leaving = "saving";
  let went = false;
  const go = () => {
    if (went) return;
    went = true;
    if (document.dispatchEvent(new Event("desk:leaving", {cancelable: true}))) state.leaving = "done";
  };
  requestAnimationFrame(() => requestAnimationFrame(go)); // keys pressed before come before
  setTimeout(go, 200); // a window that nobody sees is not painted
})()"""
_LEFT = "document.documentElement.dataset.leaving || 'done'"


def show(line: "Line") -> None:
    """Show the window and return when it is closed."""
    app = _application()
    first = line.first()
    place = geometry.checked(first.get("place") or {})
    QLocale.setDefault(QLocale("en_GB" if place and place.language == "en" else "cs_CZ"))
    fit = geometry.fitted(place, [_usable(screen) for screen in app.screens()])
    DeskWindow.line, DeskWindow.first, DeskWindow.place = line, first, fit
    DeskPage.origin = links.origin_of(first["address"])
    _put_right()
    webview.settings.update(ALLOW_DOWNLOADS=False, ALLOW_FILE_URLS=False, REMOTE_DEBUGGING_PORT=None)
    webview.create_window(TITLE, first["address"], width=fit.width, height=fit.height, min_size=geometry.SMALLEST)
    webview.start(gui="qt", debug=False, private_mode=True, icon=str(MARK))


def _application() -> QApplication:
    app = QApplication(["smartclient"])  # the names by which the desktop finds entry and icon
    app.setApplicationName("SmartClient")
    app.setDesktopFileName("smartclient")
    return app


def _put_right() -> None:
    """Put our classes in the place of pywebview's; see each for the reason."""
    os.environ.pop("QTWEBENGINE_CHROMIUM_FLAGS", None)  # pywebview takes the sandbox off on some systems
    qt.environ_append = lambda *_: None  # and lets pages have camera and microphone without asking
    qt.BrowserView.WebView = DeskView
    qt.BrowserView.WebPage = DeskPage
    qt.BrowserView = DeskWindow


def _usable(screen: Any) -> geometry.Screen:  # noqa: ANN401 - Qt's class has no types here
    area = screen.availableGeometry()
    return area.x(), area.y(), area.width(), area.height()


class _Orders(QObject):
    """Carries what the desk says from the reading thread to the window's."""

    came = pyqtSignal(str, object)

    def listen(self, line: "Line") -> None:
        """Read in a thread of its own; it ends the process when the desk has ended."""
        threading.Thread(target=self._read, args=(line,), name="orders", daemon=True).start()

    def _read(self, line: "Line") -> None:
        for word, facts in line.orders():
            self.came.emit(word, facts)


class DeskWindow(qt.BrowserView):
    """The one window."""

    line: "Line"
    first: Mapping[str, Any]
    place: geometry.Place

    def __init__(self, window: Any) -> None:  # noqa: ANN401 - pywebview's description of a window
        self.origin = DeskPage.origin
        self.language = self.place.language
        self._cover: Any = None  # resized before it is made
        self._is_loaded = self._asked = self._may_close = False
        super().__init__(window)
        self._interceptor = OnlyTheDesk(self.origin)
        self.profile.setUrlRequestInterceptor(self._interceptor)
        self.webview.page().setWebChannel(None)
        self.webview.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.webview.page().urlChanged.connect(self._arrive)
        self.webview.page().loadFinished.connect(self._loaded)
        self.webview.page().renderProcessTerminated.connect(lambda *_: end(NO_PAGE))
        self.move(self.place.x, self.place.y)
        if self.place.maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self._note = Note(self)
        self._translator = QTranslator(self)
        self.paper = Paper(self)
        page = self.webview.page()
        back = {"back": lambda: page.triggerAction(DeskPage.WebAction.Back)}
        self._bar = PaperBar(self, {**back, "print": self.paper.print, "save": lambda: page.download(page.url())})
        self._cover = Cover(self)
        self._bind_keys()
        self._orders = _Orders(self)
        self._orders.came.connect(self._obey)
        self._orders.listen(self.line)

    def on_load_finished(self) -> None:
        """pywebview would put its script bridge into the page; the page needs none."""

    def say(self, name: str, **facts: str) -> str:
        """A text in the language of the page."""
        text = self.first["texts"][name][self.language]
        return str(text).format(**facts)

    def tell_person(self, name: str, **facts: str) -> None:
        """Show a short message over the page for some seconds."""
        self._note.say(self.say(name, **facts))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Save what was typed, ask the desk, then close. A second wish to close is not asked about."""
        if self._may_close or self._asked:
            self._tell_place()
            super().closeEvent(event)
            return
        event.ignore()
        self._asked = True
        self._leave_page(lambda: self.line.tell("closing"), may_fail=False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the cover over the whole window."""
        super().resizeEvent(event)
        if self._cover is not None:
            self._cover.setGeometry(self.rect())

    def _bind_keys(self) -> None:
        page = self.webview.page()
        actions = {
            QKeySequence.StandardKey.Print: self.paper.print,
            QKeySequence.StandardKey.Refresh: lambda: page.triggerAction(page.WebAction.Reload),
            QKeySequence.StandardKey.Back: lambda: page.triggerAction(page.WebAction.Back),
            QKeySequence.StandardKey.ZoomIn: lambda: self.webview.setZoomFactor(self.webview.zoomFactor() * 1.1),
            QKeySequence.StandardKey.ZoomOut: lambda: self.webview.setZoomFactor(self.webview.zoomFactor() / 1.1),
        }
        for key, action in actions.items():
            QShortcut(QKeySequence(key), self).activated.connect(action)
        QShortcut(QKeySequence("Ctrl+0"), self).activated.connect(lambda: self.webview.setZoomFactor(1.0))

    def _arrive(self, url: QUrl) -> None:
        """The opening page forwards by itself; the one after it is the desk's."""
        if links.origin_of(url.toString()) == self.origin and not url.path().startswith(_OPENING):
            self.webview.page().urlChanged.disconnect(self._arrive)
            self._look_whether_seen(_PAINTING)

    def _look_whether_seen(self, left: int) -> None:
        """A page that has been loaded is on the screen a moment later; one that nobody sees is not painted."""

        def look(seen: object) -> None:
            if seen is True or left <= 0:
                self._cover.hide()
                self.line.tell("loaded")
            else:
                rest = left - _LOOKING if self._is_loaded else left
                QTimer.singleShot(_LOOKING, lambda: self._look_whether_seen(rest))

        self.webview.page().runJavaScript(_SEEN, look)

    def _loaded(self, well: bool) -> None:
        url = self.webview.url()
        if not well or links.origin_of(url.toString()) != self.origin:
            return
        if url.path().startswith(_OPENING):
            self.line.tell("opened")
            return
        self._is_loaded = True
        self.webview.page().runJavaScript("document.contentType + ' ' + document.documentElement.lang", self._learn)

    def _learn(self, told: object) -> None:
        """What is shown, and in which language."""
        kind, _, language = str(told).partition(" ")
        is_page = kind != "application/pdf"
        if not is_page:
            self._bar.appear()
            return
        self._bar.hide()
        self.language = "en" if language == "en" else "cs"
        QApplication.removeTranslator(self._translator)
        folder = Path(sys.modules["PyQt6"].__path__[0]) / "Qt6" / "translations"
        if self.language == "cs" and self._translator.load("qtbase_cs", str(folder)):
            QApplication.installTranslator(self._translator)

    def _obey(self, word: str, facts: Mapping[str, Any]) -> None:
        if word == "show":
            self._come_forward()
        elif word == "ask":
            self._ask(facts["text"][self.language])
        elif word == "leave":
            self._close()
        elif word == "quit":
            self._leave_page(self._close, may_fail=True)

    def _come_forward(self) -> None:
        self.setWindowState((self.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)

    def _ask(self, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Information, TITLE, text, parent=self)
        leave = box.addButton(self.say("leave"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(self.say("stay"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        box.setEscapeButton(stay)
        box.exec()
        if box.clickedButton() is leave:
            self._close()
        else:
            self._asked = False

    def _close(self) -> None:
        self._may_close = True
        self.close()

    def _tell_place(self) -> None:
        area = self.normalGeometry() if self.isMaximized() else self.geometry()
        numbers = {"x": area.x(), "y": area.y(), "width": area.width(), "height": area.height()}
        self.line.tell("place", **numbers, maximized=self.isMaximized(), language=self.language)

    def _leave_page(self, then: Callable[[], None], *, may_fail: bool) -> None:
        """Let the page save what was typed and not yet left, then go on. A page that cannot save says so and stays."""
        left, went_on = _SAVING, False

        def go_on() -> None:
            nonlocal went_on
            if not went_on:
                went_on = True
                then()

        def look(state: object) -> None:
            nonlocal left
            left -= _CHECKING
            if state == "saving" and left > 0:
                QTimer.singleShot(_CHECKING, lambda: self.webview.page().runJavaScript(_LEFT, look))
            elif state == "done" or may_fail:
                go_on()

        self.webview.page().runJavaScript(_LEAVE, lambda _: self.webview.page().runJavaScript(_LEFT, look))
        if may_fail:
            QTimer.singleShot(_SAVING, go_on)  # a page that hangs answers nothing at all
