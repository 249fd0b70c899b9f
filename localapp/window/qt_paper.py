"""Downloads and printing in the window on Linux: pywebview 6.2.1 crashes at the one and does nothing at the other."""

from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QStandardPaths
from PyQt6.QtPrintSupport import QPrintDialog, QPrinter
from PyQt6.QtWebEngineCore import QWebEngineDownloadRequest

from localapp.window import downloads, links

_State = QWebEngineDownloadRequest.DownloadState


def _short(place: Path) -> str:
    """The place as a person reads it."""
    return f"~/{place.relative_to(Path.home())}" if place.is_relative_to(Path.home()) else str(place)


class Paper(QObject):
    """Saves and prints what the pages of one window ask for, and tells the person."""

    def __init__(self, window: Any) -> None:  # noqa: ANN401 - the window, which is pywebview's class underneath
        super().__init__(window)
        self._window = window
        self._view = window.webview
        self._printing: QPrinter | None = None  # Qt does not keep it alive
        window.profile.downloadRequested.connect(self._save)
        window.webview.printRequested.connect(self.print)
        window.webview.printFinished.connect(self._printed)
        window.webview.page().pdfPrintingFinished.connect(self._written)

    def _save(self, wanted: QWebEngineDownloadRequest) -> None:
        """Save to the folder for downloads under a free name. Only what the desk itself gives is saved."""
        if links.leads(wanted.url().toString(), self._window.origin) != links.INSIDE:
            wanted.cancel()
            return
        name = downloads.clean_name(wanted.suggestedFileName())
        if name is None:
            wanted.cancel()
            self._window.tell_person("bad_name")
            return
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation))
        folder.mkdir(parents=True, exist_ok=True)
        wanted.setDownloadDirectory(str(folder))
        wanted.setDownloadFileName(downloads.free_name(folder, name))
        wanted.stateChanged.connect(lambda state: self._saved(wanted, state))
        wanted.accept()

    def _saved(self, wanted: QWebEngineDownloadRequest, state: object) -> None:
        folder = Path(wanted.downloadDirectory())
        if state == _State.DownloadCompleted:
            self._window.tell_person("saved", place=_short(folder / wanted.downloadFileName()))
        elif state == _State.DownloadInterrupted:
            self._window.tell_person("not_saved", place=_short(folder))

    def print(self) -> None:
        """Let the person choose a printer, or a PDF file where there is none, and print."""
        if self._printing is not None:
            return
        self._printing = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(self._printing, self._window)
        dialog.accepted.connect(self._begin)
        dialog.rejected.connect(self._forget)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _begin(self) -> None:
        """A file is written by Chromium itself, with its text as text; a printer of Qt's gets pictures of the pages."""
        printer: Any = self._printing
        if printer.outputFormat() == QPrinter.OutputFormat.PdfFormat:
            self._view.page().printToPdf(printer.outputFileName(), printer.pageLayout(), printer.pageRanges())
        else:
            self._view.print(printer)

    def _printed(self, well: bool) -> None:
        self._window.tell_person("printed" if well else "not_printed")
        self._forget()

    def _written(self, place: str, well: bool) -> None:
        self._window.tell_person("saved" if well else "not_printed", place=_short(Path(place)))
        self._forget()

    def _forget(self) -> None:
        self._printing = None
