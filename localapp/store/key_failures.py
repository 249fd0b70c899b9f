"""What can go wrong with keys, with stable codes and the sentences that people read."""

from localapp.contacts import contacts

_TEXTS = {
    "keys.missing": (
        "Chybí soubor s klíči {path}. Vraťte ho ze zálohy; bez něj nelze uložené dokumenty otevřít.",
        "The key file {path} is missing. Bring it back from a backup; without it the saved documents cannot be opened.",
    ),
    "keys.damaged": (
        "Soubor s klíči {path} je poškozen. Vraťte ho ze zálohy; dokumentů se to netýká, heslo může být správné.",
        "The key file {path} is damaged. Bring it back from a backup; documents and passphrase may be fine.",
    ),
    "keys.exist": (
        "Heslo k tomuto SmartClientu už bylo zvoleno. Odemkněte ho.",
        "A passphrase has already been chosen for this SmartClient. Unlock it.",
    ),
    "keys.wrong_passphrase": (
        "Heslo nesouhlasí. Zkontrolujte jazyk klávesnice a Caps Lock, nebo použijte obnovovací kód.",
        "The passphrase is wrong. Check the keyboard's language and Caps Lock, or use the recovery code.",
    ),
    "keys.wrong_code": (
        "Tento obnovovací kód k těmto datům nepatří. Použijte ten, který jste si opsali při prvním spuštění.",
        "This recovery code does not belong to these data. Use the one that you wrote down at the first start.",
    ),
    "keys.mistyped_code": (
        "V obnovovacím kódu je překlep: má mít {length} znaků v 8 skupinách po 4. Zkontrolujte ho a opište znovu.",
        "The recovery code is mistyped: it must have {length} characters in 8 groups of 4. Check it and type it again.",
    ),
    "keys.no_passphrase": (
        "K těmto datům nebylo zvoleno žádné heslo. Použijte obnovovací kód.",
        "No passphrase has been chosen for these data. Use the recovery code.",
    ),
    "keyring.none": (
        "V tomto počítači není bezpečná klíčenka systému, která by klíče k dokumentům uchovala.",
        "This computer has no safe keyring of the system to hold the keys to the documents.",
    ),
    "keyring.unsafe": (
        "Nastavená klíčenka {keyring} klíče nešifruje, nebo ji SmartClient nezná. Nepoužije se.",
        "The keyring that is set, {keyring}, does not encrypt keys or is not known to SmartClient. It is not used.",
    ),
    "keyring.gone": (
        "Klíče má klíčenka {keyring}, ta ale teď není dostupná.",
        "The keys are in the keyring {keyring}, which is not available now.",
    ),
    "keyring.locked": (
        "Klíčenka {keyring} je zamčená. Odemkněte ji a zkuste to znovu.",
        "The keyring {keyring} is locked. Unlock it and try again.",
    ),
    "keyring.silent": (
        "Klíčenka systému neodpověděla do {seconds} s. Možná čeká na odemčení; odemkněte ji a zkuste to znovu.",
        "The system's keyring did not answer within {seconds} s. It may be waiting to be unlocked; then try again.",
    ),
    "keyring.missing": (
        "V klíčence {keyring} klíče k těmto dokumentům nejsou: někdo je smazal, nebo byla datová složka přesunuta.",
        "The keyring {keyring} does not hold the keys to these documents: they were deleted, or the folder was moved.",
    ),
    "keyring.changed": (
        "Klíče má klíčenka {before}, systém teď ale používá {now}.",
        "The keys are in the keyring {before}, but the system uses {now} now.",
    ),
    "keyring.foreign": (
        "To, co je v klíčence {keyring} pod jménem SmartClientu, nejsou klíče k těmto dokumentům.",
        "What the keyring {keyring} holds under the name of SmartClient are not the keys to these documents.",
    ),
    "keyring.failed": (
        "Klíčenka {keyring} klíče nevydala ani neuložila ({reason}).",
        "The keyring {keyring} has neither given nor kept the keys ({reason}).",
    ),
    "passphrase.short": (
        "Heslo má délku {length}, potřebuje aspoň {shortest} znaků. Přidejte další slovo.",
        "The passphrase has {length} characters and needs at least {shortest}. Add another word.",
    ),
    "passphrase.long": (
        "Heslo má délku {length}, smí mít nejvýše {longest} znaků. Zkraťte ho.",
        "The passphrase has {length} characters and may have at most {longest}. Shorten it.",
    ),
    "passphrase.plain": (
        "Různých znaků je v hesle jen {distinct}, potřebuje jich aspoň {fewest}. Zvolte několik slov.",
        "The passphrase has only {distinct} different characters and needs at least {fewest}. Choose several words.",
    ),
}


class KeyFailure(Exception):  # noqa: N818 - some are decisions, not defects
    """Something about keys that a person has to know. ``code`` is stable; ``text`` is for people."""

    code: str = "keys.failure"

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.code)

    def text(self, language: str = "cs") -> str:
        """The sentence in Czech (``cs``) or English (``en``)."""
        return self.texts[language].format(**{**self.values, **contacts(language)})

    @property
    def texts(self) -> dict[str, str]:
        """The sentences by language, their facts not filled in."""
        czech, english = _TEXTS[self.code]
        return {"cs": czech, "en": english}


class NoKeyFile(KeyFailure):
    """There is no key file."""

    code = "keys.missing"


class DamagedKeyFile(KeyFailure):
    """The key file is not what was written."""

    code = "keys.damaged"


class KeyFileExists(KeyFailure):
    """New keys would replace those of a database."""

    code = "keys.exist"


class WrongPassphrase(KeyFailure):
    """The key file is whole and the passphrase does not open it."""

    code = "keys.wrong_passphrase"


class WrongRecoveryCode(KeyFailure):
    """The code is well formed and does not open the key file."""

    code = "keys.wrong_code"


class MistypedRecoveryCode(KeyFailure):
    """The code cannot be one: length, characters or check character."""

    code = "keys.mistyped_code"


class UnfitPassphrase(KeyFailure):
    """A passphrase that would be guessed soon. ``rule`` is short, long or plain."""

    def __init__(self, rule: str, **values: object) -> None:
        self.code = f"passphrase.{rule}"
        super().__init__(**values)


class NoPassphrase(KeyFailure):
    """The key file has no passphrase: the keys are in the keyring and under the recovery code only."""

    code = "keys.no_passphrase"


class KeyringFailure(KeyFailure):
    """The keyring of the system does not give or keep the keys."""


class NoKeyring(KeyringFailure):
    """The system has none, or it was switched off."""

    code = "keyring.none"


class UnsafeKeyring(KeyringFailure):
    """The one that is set keeps its entries in the open, or is not one that was tried."""

    code = "keyring.unsafe"


class KeyringGone(KeyringFailure):
    """The one that holds the keys cannot be reached, and there is no other."""

    code = "keyring.gone"


class LockedKeyring(KeyringFailure):
    """It is locked, and whoever was asked has not unlocked it."""

    code = "keyring.locked"


class SilentKeyring(KeyringFailure):
    """It has not answered in time."""

    code = "keyring.silent"


class MissingEntry(KeyringFailure):
    """It answers and has no entry of this desk."""

    code = "keyring.missing"


class ChangedKeyring(KeyringFailure):
    """The system uses another one than that which holds the keys."""

    code = "keyring.changed"


class ForeignEntry(KeyringFailure):
    """Its entry is something else than the keys of this desk."""

    code = "keyring.foreign"


class KeyringFailed(KeyringFailure):
    """It refused for another reason, whose kind is named."""

    code = "keyring.failed"
