"""The lane of sealed files, after everything else: it neither holds documents back nor makes a run fail.

Each run delivers a limited amount and goes on where the last one has come to.
"""

from localapp.domain.sync.parts import MessageRefused, a_count, an_object
from localapp.domain.sync.signatures import MOST_PART, OFFSET_HEADER
from localapp.store.attachment_store import AttachmentStore, WaitingFile
from localapp.sync.conversation import Conversation, Refused
from localapp.sync.transport import TransportFailed

ATTACHMENTS = "/v1/attachments/"
MOST_OF_A_RUN = 8 * 1024 * 1024


def deliver_files(store: AttachmentStore, conversation: Conversation, enrolment: int) -> None:
    """Deliver what waits, as far as one run goes. A file that is refused is tried again with the next run."""
    left = MOST_OF_A_RUN
    for each in store.waiting(enrolment):
        try:
            left -= _deliver(store, conversation, each, left)
        except (Refused, MessageRefused):
            continue
        except TransportFailed:
            return
        if left <= 0:
            return


def _deliver(store: AttachmentStore, conversation: Conversation, file: WaitingFile, most: int) -> int:
    """How many bytes went."""
    target, sent = ATTACHMENTS + file.digest, 0
    offset = _whole(conversation.head(target).get(OFFSET_HEADER.lower(), ""))
    while offset < file.size and sent < most:
        part = store.part(file.row, offset, MOST_PART)
        answer = an_object(conversation.put(target, part, {OFFSET_HEADER: str(offset)}))
        following = a_count(answer, "offset")
        if following <= offset:
            raise MessageRefused("offset")  # it would never end
        sent, offset = sent + len(part), following
    if offset >= file.size:
        store.delivered(file.row)
    return sent


def _whole(found: str) -> int:
    if not (found.isascii() and found.isdecimal() and len(found) < 16):
        raise MessageRefused(OFFSET_HEADER)
    return int(found)
