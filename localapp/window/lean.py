"""What pywebview would load and the window does not need: half of the time until it can show something.

pywebview's web server has no place in this process, as the pages come from the desk. qtpy gives every enumeration of Qt
its old short names, which takes longer than Qt itself; pywebview uses a few. pywebview is pinned, so what it asks these
two for is known; the tests of the window run through all of it.
"""

import sys
from types import ModuleType
from typing import Any

from PyQt6 import QtCore, QtGui, QtNetwork, QtWebChannel, QtWebEngineCore, QtWebEngineWidgets, QtWidgets


def stand_in() -> None:
    """Put small modules in the place of both, before pywebview is imported."""
    sys.modules["webview.http"] = _module("http", global_server=None, BottleServer=object)
    webengine = vars(QtWebEngineCore) | vars(QtWebEngineWidgets)
    parts = {
        "QtCore": QtCore,
        "QtGui": QtGui,
        "QtNetwork": QtNetwork,
        "QtWebChannel": QtWebChannel,
        "QtWebEngineCore": QtWebEngineCore,
        "QtWebEngineWidgets": _module("QtWebEngineWidgets", **webengine),
        "QtWidgets": _module("QtWidgets", **vars(QtWidgets) | {"QAction": QtGui.QAction}),
    }
    sys.modules["qtpy"] = _module("qtpy", PYQT6=True, PYSIDE6=False, **parts)
    sys.modules |= {f"qtpy.{name}": part for name, part in parts.items()}
    _give_old_names()


def _give_old_names() -> None:
    QtCore.Signal, QtCore.Slot = QtCore.pyqtSignal, QtCore.pyqtSlot
    QtCore.__version__ = QtCore.QT_VERSION_STR
    QtWidgets.QApplication.exec_ = QtWidgets.QApplication.exec
    for name in ("WindowNoState", "WindowMinimized", "WindowMaximized"):
        setattr(QtCore.Qt, name, QtCore.Qt.WindowState[name])
    QtCore.Qt.NoContextMenu = QtCore.Qt.ContextMenuPolicy.NoContextMenu
    QtCore.QEvent.WindowStateChange = QtCore.QEvent.Type.WindowStateChange
    QtCore.QEvent.Move = QtCore.QEvent.Type.Move


def _module(name: str, **content: Any) -> ModuleType:  # noqa: ANN401 - whatever a module holds
    made = ModuleType(name)
    vars(made).update(content)
    made.__name__ = name
    return made
