"""Compares what this desk holds as acknowledged with what the insurer has, and offers again what was lost there.

After the insurer's database was restored from a backup, after a fork, and once a week. Source: docs/sync-protocol.md,
"Manifest and resync".
"""

from localapp.domain.sync.manifest import MOST_LISTED, manifest_message, read_differences
from localapp.domain.sync.messages import Welcome
from localapp.store.enrolments import Enrolment
from localapp.store.sync_store import SyncStore
from localapp.sync.conversation import Conversation

MANIFEST = "/v1/sync/manifest"


def audit(store: SyncStore, conversation: Conversation, enrolment: Enrolment, welcome: Welcome) -> int:
    """Compare, if it is due; how many documents are offered again. Before anything of the new stream is applied.

    Raises Refused, TransportFailed, MessageRefused: then it is due again.
    """
    is_other_stream = enrolment.stream not in {"", welcome.stream}
    if not (is_other_stream or store.manifests.is_due(enrolment.id, welcome.server_time)):
        return 0
    lost = 0
    for page in store.manifests.pages(enrolment.id, MOST_LISTED):
        found = read_differences(conversation.ask("POST", MANIFEST, manifest_message(page)))
        listed = {each.document for each in page}
        missing = {**dict.fromkeys(found.unknown, 0), **dict(found.differs)}
        lost += store.manifests.offer_again(enrolment.id, {each: missing[each] for each in listed & missing.keys()})
    store.manifests.note(enrolment.id, welcome.server_time, restored=lost if is_other_stream else 0)
    return lost
