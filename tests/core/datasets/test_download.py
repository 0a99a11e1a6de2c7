import threading

import pytest

from core.datasets.download import Download
from core.errors import DownloadError

SOON_S = 20


def test_progress_can_be_read_while_it_runs_and_a_second_press_does_nothing():
    halfway, go_on, calls = threading.Event(), threading.Event(), []

    def fetch(progress):
        calls.append(1)
        progress(5, 10)
        halfway.set()
        assert go_on.wait(SOON_S)
        progress(10, 10)

    download = Download(fetch)
    download.start()
    assert halfway.wait(SOON_S)
    download.start()
    assert (download.progress.running, download.progress.share) == (True, 0.5)
    go_on.set()
    assert download.ended.wait(SOON_S)
    assert (download.progress.running, download.progress.share, len(calls)) == (False, 1.0, 1)


def test_a_failed_download_leaves_its_sentence_and_can_be_tried_again():
    outcomes = iter([DownloadError("There is no network."), None])

    def fetch(progress):
        if error := next(outcomes):
            raise error

    download = Download(fetch)
    for message in ("There is no network.", ""):
        download.start()
        assert download.ended.wait(SOON_S)
        assert download.progress.message == message


@pytest.mark.parametrize("total", [0, 10])
def test_the_share_needs_a_known_size(total):
    download = Download(lambda progress: progress(5, total))
    download.start()
    assert download.ended.wait(SOON_S)
    assert download.progress.share == (0.5 if total else 0.0)
