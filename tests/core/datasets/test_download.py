import threading

import pytest

from core.datasets.download import Download
from core.errors import DownloadError
from tests.fakes import SOON_S


class Fetch:
    """Downloads nothing: tells `total` bytes, half of which have come, and ends once it is allowed to."""

    def __init__(self, total):
        self.total, self.calls = total, 0
        self.halfway, self.go_on = threading.Event(), threading.Event()

    def __call__(self, progress):
        self.calls += 1
        progress(self.total // 2, self.total)
        self.halfway.set()
        assert self.go_on.wait(SOON_S)


def test_progress_can_be_read_while_it_runs_and_a_second_start_does_nothing():
    fetch = Fetch(10_000_000)
    download = Download(fetch)
    assert download.look() is None
    download.start()
    assert fetch.halfway.wait(SOON_S)
    download.start()
    now = download.look()
    assert (now.pending, now.share, now.doing) == (True, 0.5, "5.0 of 10.0 MB")
    fetch.go_on.set()
    now = download.wait(SOON_S)
    assert (now.pending, now.share, now.error, fetch.calls) == (False, 1.0, "", 1)


def test_a_failed_download_leaves_its_sentence_and_can_be_tried_again():
    outcomes = iter([DownloadError("There is no network."), None])

    def fetch(progress):
        if error := next(outcomes):
            raise error

    download = Download(fetch)
    for message in ("There is no network.", ""):
        download.start()
        assert download.wait(SOON_S).error == message


def test_it_can_be_downloaded_again_as_the_file_may_have_been_deleted():
    fetch = Fetch(10)
    fetch.go_on.set()
    download = Download(fetch)
    for _ in range(2):
        download.start()
        assert not download.wait(SOON_S).pending
    assert fetch.calls == 2


@pytest.mark.parametrize(("total", "share"), [(0, 0.0), (10, 0.5)])
def test_the_share_needs_a_known_size(total, share):
    fetch = Fetch(total)
    download = Download(fetch)
    download.start()
    assert fetch.halfway.wait(SOON_S)
    assert download.look().share == share
    fetch.go_on.set()
    download.wait(SOON_S)
