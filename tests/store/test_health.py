"""Health answers are apart: sealed by their own key, bound to their place, in no other table."""

from pathlib import Path

import pytest
from sqlalchemy import update

from localapp.store import schema
from localapp.store.failures import HealthUnreadable
from localapp.store.health import Sealer
from localapp.store.records import Keys
from localapp.store.store import Store
from tests.store.made_up import ALENA, KEYS, change_health, complete, completed_offer, new_offer

CANARY = "97531"


def _everything(store: Store) -> str:
    """All that the decrypted tables hold, as text."""
    with store._database.read() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return repr([connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in tables])  # noqa: S608


def test_a_body_weight_is_in_no_table_even_after_decryption(store: Store) -> None:
    document = store.create_document(new_offer(health={"weight": CANARY}))
    change_health(store, document, "height", CANARY)
    complete(store, document)
    change_health(store, document, "smoker", CANARY)
    text = _everything(store)
    assert "Novák" in text
    assert CANARY not in text
    assert "smoker" not in text


def test_every_change_of_health_is_in_its_own_history(store: Store) -> None:
    document = store.create_document(new_offer())
    change_health(store, document, "weight", 81)
    change_health(store, document, "weight", 82)
    assert store.health_history(document) == [{"weight": 80}, {"weight": 81}, {"weight": 82}]


def test_the_journal_says_only_that_health_changed(store: Store) -> None:
    document = store.create_document(new_offer())
    change_health(store, document, "weight", 81)
    line = store.journal(document)[-1]
    assert (line.event, line.actor, line.path, line.old, line.new) == ("health_changed", ALENA, None, None, None)


def test_health_saved_without_being_announced_is_kept_all_the_same(store: Store) -> None:
    document = store.create_document(new_offer())
    with store.edit(document, ALENA) as edit:
        edit.health["weight"] = 99
        row = edit.record.row
        edit.save(edit.answers, edit.health, row=row, last_quote=None)
    assert store.content(document).health == {"weight": 99}
    assert len(store.health_history(document)) == 2


def test_health_does_not_open_with_another_health_key(store: Store, tmp_path: Path) -> None:
    document = completed_offer(store)
    store.close()
    other = Store.open(tmp_path / "documents.db", Keys(KEYS.database, b"x" * 32))
    with pytest.raises(HealthUnreadable) as caught:
        other.content(document)
    assert document in caught.value.text("cs")
    other.close()


def test_health_moved_to_another_document_does_not_open(store: Store) -> None:
    mine = store.create_document(new_offer())
    yours = store.create_document(new_offer(health={"weight": 120}))
    table = schema.health_working
    with store._database.write() as connection:
        sealed = connection.execute(table.select().where(table.c.document_id == 2)).one().sealed
        connection.execute(update(table).where(table.c.document_id == 1).values(sealed=sealed))
    with pytest.raises(HealthUnreadable):
        store.content(mine)
    assert store.content(yours).health == {"weight": 120}


def test_the_same_text_is_sealed_differently_each_time() -> None:
    sealer = Sealer(KEYS.health)
    first, second = (sealer.seal("80", "d", "t", 1) for _ in range(2))
    assert first != second
    assert sealer.open(first, "d", "t", 1) == sealer.open(second, "d", "t", 1) == "80"


def test_keys_do_not_show_when_printed() -> None:
    assert "\\x" not in repr(KEYS)
    assert KEYS.database.hex() not in repr(KEYS)
