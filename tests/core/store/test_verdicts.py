import pytest

from core.errors import StoreError
from core.store import Store


def test_the_newest_verdict_on_an_image_counts_and_can_be_taken_back(store):
    for row, verdict in ((7, "fault"), (3, "fine"), (7, "unclear")):
        store.verdicts.save("digits", row, verdict)
    store.verdicts.save("mnist", 7, "fault")
    assert list(store.verdicts.of("digits").items()) == [(3, "fine"), (7, "unclear")]
    store.verdicts.delete("digits", 7)
    store.verdicts.delete("digits", 1000)
    assert store.verdicts.of("digits") == {3: "fine"}
    with pytest.raises(StoreError, match="'maybe' is unknown; it must be one of: fault, fine, unclear"):
        store.verdicts.save("digits", 3, "maybe")


def test_verdicts_outlast_the_process(tmp_path):
    first = Store(tmp_path)
    first.verdicts.save("digits", 7, "fault")
    first.close()
    second = Store(tmp_path)
    assert second.verdicts.of("digits") == {7: "fault"}
    second.close()
