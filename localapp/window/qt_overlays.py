"""What the window shows beside the page: a cover until it is there, short messages, a bar beside a PDF."""

from collections.abc import Callable, Mapping
from typing import Any

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication, QLabel, QToolBar

from localapp import paths

MARK = paths.root() / "static" / "mark.svg"
_PAPER = {False: "#f1f3f1", True: "#101716"}  # --paper of static/tokens.css, light and dark
_SAYING = 8000  # milliseconds a message stays


class Cover(QLabel):
    """Seen until the first page is: the opening page is plain, and an empty window is a flash of white."""

    def __init__(self, window: Any) -> None:  # noqa: ANN401 - the window, which is pywebview's class underneath
        super().__init__(window)
        dark = QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self.setStyleSheet(f"background: {_PAPER[dark]};")
        self.setPixmap(QIcon(str(MARK)).pixmap(64, 64))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setGeometry(window.rect())


class Note(QLabel):
    """A short message to the person, over the page."""

    def __init__(self, window: Any) -> None:  # noqa: ANN401 - as above
        super().__init__(window)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setStyleSheet("background: #10343c; color: #ffffff; padding: 10px 16px; border-radius: 4px;")
        self.hide()
        self._away = QTimer(self, singleShot=True, interval=_SAYING)
        self._away.timeout.connect(self.hide)

    def say(self, text: str) -> None:
        """Show the text for some seconds."""
        window = self.parentWidget()
        self.setText(text)
        self.setMinimumWidth(min(480, window.width() - 48))
        self.setMaximumWidth(window.width() - 48)
        self.adjustSize()
        self.move((window.width() - self.width()) // 2, window.height() - self.height() - 48)
        self.show()
        self.raise_()
        self._away.start()


class PaperBar(QToolBar):
    """A bar beside what is no page of ours: a PDF has no way back of its own."""

    def __init__(self, window: Any, actions: Mapping[str, Callable[[], object]]) -> None:  # noqa: ANN401 - as above
        super().__init__(window)
        self._say = window.say
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for name, action in actions.items():
            entry = self.addAction("")
            entry.setObjectName(name)
            entry.triggered.connect(action)
        window.addToolBar(self)
        self.hide()

    def appear(self) -> None:
        """Show it, in the language of the pages."""
        for entry in self.actions():
            entry.setText(self._say(entry.objectName()))
        self.show()
