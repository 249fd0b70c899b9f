"""What can go wrong in the store, with stable codes and the sentences that people read."""

from typing import ClassVar

from localapp.contacts import contacts
from localapp.domain.lifecycle import Action, State

_TEXTS: dict[str, tuple[str, str]] = {
    "store.cannot_open": (
        "Soubor s dokumenty {path} nelze otevřít: klíč k němu nepatří, nebo je soubor poškozen.",
        "The document file {path} cannot be opened: the key is not its own, or the file is damaged.",
    ),
    "store.wrong_key": (
        "Soubor s dokumenty {path} nelze tímto klíčem otevřít. Zadejte správné heslo nebo obnovovací kód.",
        "The document file {path} does not open with this key. Enter the right passphrase or the recovery code.",
    ),
    "store.damaged": (
        "Soubor s dokumenty {path} je poškozen. Opravte jej ze zálohy; poškozený soubor zůstane uložen.",
        "The document file {path} is damaged. Repair it from the backup; the damaged file will be kept.",
    ),
    "store.lost": (
        "Soubor s dokumenty {path} je poškozen nebo chybí a nelze jej obnovit. Nic nemažte, volejte {help_desk}.",
        "The document file {path} is damaged or missing and cannot be restored. Delete nothing, call the {help_desk}.",
    ),
    "store.gone": (
        "{path} během práce zmizel, změna nebyla uložena. Vraťte jej na místo (připojte disk) a uložte ji znovu.",
        "{path} has disappeared, the change was not saved. Put it back (connect the disk) and save the change again.",
    ),
    "store.newer": (
        "Soubor s dokumenty {path} uložila novější verze aplikace ({found}, tato zná {known}). Aktualizujte aplikaci.",
        "The document file {path} was written by a newer version ({found}, this one knows {known}). Update the app.",
    ),
    "store.migration_failed": (
        "Soubor s dokumenty {path} nelze převést na novou verzi: {reason}. Zůstal beze změny; volejte {help_desk}.",
        "The document file {path} cannot be converted: {reason}. It is unchanged; call the {help_desk}.",
    ),
    "store.full": (
        "Na disku se souborem {path} není místo, změna nebyla uložena. Uvolněte místo a uložte ji znovu.",
        "The disk that holds {path} is full, the change was not saved. Free some space and save it again.",
    ),
    "store.busy": (
        "Soubor s dokumenty {path} je déle než {seconds} s obsazen, změna nebyla uložena. Zkuste to znovu.",
        "The document file {path} has been in use for over {seconds} s, the change was not saved. Try again.",
    ),
    "store.not_writable": (
        "Do souboru s dokumenty {path} nelze zapsat ({reason}), změna nebyla uložena. Ověřte disk a oprávnění.",
        "The document file {path} cannot be written ({reason}), the change was not saved. Check disk and permissions.",
    ),
    "store.health_unreadable": (
        "Zdravotní údaje dokumentu {document} nelze přečíst: nesedí klíč, nebo jsou poškozené. Volejte {help_desk}.",
        "The health answers of document {document} cannot be read: wrong key, or damage. Call the {help_desk}.",
    ),
    "store.unknown_document": (
        "Dokument {document} zde není. Vraťte se na seznam dokumentů.",
        "There is no document {document} here. Go back to the list of documents.",
    ),
    "store.not_permitted": (
        "Akci „{action}“ nelze provést: dokument je ve stavu „{state}“. Jeho údaje převezmete tlačítkem Kopírovat.",
        "“{action}” is not possible: the document is in the state “{state}”. Copy takes its data into a new one.",
    ),
}


class StoreFailure(Exception):  # noqa: N818 - a refusal is one too, not only an error
    """Something the store refuses or cannot do. ``code`` is stable; ``text`` is for people."""

    code: ClassVar[str] = "store.failure"

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.text("en"))

    def text(self, language: str = "cs") -> str:
        """The sentence in Czech (``cs``) or English (``en``), naming value, limit and remedy."""
        return self.texts[language].format(**{**self.values, **contacts(language)})

    @property
    def texts(self) -> dict[str, str]:
        """The sentences by language, their facts not filled in."""
        czech, english = _TEXTS[self.code]
        return {"cs": czech, "en": english}


class CannotOpen(StoreFailure):
    """The first page does not decrypt. SQLCipher cannot say why; whoever holds a key check value calls ``decided``."""

    code = "store.cannot_open"

    def decided(self, *, key_is_right: bool) -> "CannotOpen":
        """The same failure with its cause named."""
        return DamagedStore(**self.values) if key_is_right else WrongKey(**self.values)


class WrongKey(CannotOpen):
    """The key is not the one that the file was made with."""

    code = "store.wrong_key"


class DamagedStore(CannotOpen):
    """The key is right and the file is not what was written."""

    code = "store.damaged"


class LostStore(StoreFailure):
    """The file is damaged or missing, and neither a backup nor the change log can make it again."""

    code = "store.lost"


class FolderGone(StoreFailure):
    """A file was moved or removed while it was open; what is written to it would be lost."""

    code = "store.gone"


class NewerStore(StoreFailure):
    """The file's schema is newer than this program."""

    code = "store.newer"


class MigrationFailed(StoreFailure):
    """A migration would have lost rows, broken references or dropped triggers; all of it was rolled back."""

    code = "store.migration_failed"


class StoreFull(StoreFailure):
    """No room on the disk; nothing of the change was saved, everything earlier is still there."""

    code = "store.full"


class StoreBusy(StoreFailure):
    """Another transaction did not end in time."""

    code = "store.busy"


class NotWritable(StoreFailure):
    """The disk refuses writing for another reason than room."""

    code = "store.not_writable"


class HealthUnreadable(StoreFailure):
    """A sealed health part does not open at its place with this key."""

    code = "store.health_unreadable"


class UnknownDocument(StoreFailure):
    """No document has this id."""

    code = "store.unknown_document"

    def __init__(self, document: str) -> None:
        super().__init__(document=document)


class NotPermitted(StoreFailure):
    """The document's facts do not permit the action (``domain.lifecycle``)."""

    code = "store.not_permitted"

    def __init__(self, action: Action, state: State) -> None:
        self.action = action
        self.state = state
        super().__init__(action=action, state=state)
