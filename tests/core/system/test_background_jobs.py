import math
import threading
from types import SimpleNamespace

import pytest

from core.errors import DataError
from core.system.background_jobs import Jobs
from tests.fakes import SOON_S


@pytest.fixture
def lane():
    return Jobs("test-jobs", num_kept=2)


def held(lane, key):
    """Starts work that goes on until it is let through; gives the way to let it, once the work is under way."""
    begun, go = threading.Event(), threading.Event()

    def work(report):
        report(0.5, "holding")
        begun.set()
        assert go.wait(SOON_S)
        report(0.6, "going on")
        return key

    lane.start(key, work)
    assert begun.wait(SOON_S)
    return go


def test_a_job_tells_how_far_it_is_and_then_its_result(lane):
    go = held(lane, "a")
    now = lane.look("a")
    assert (now.pending, now.share, now.doing) == (True, 0.5, "holding")
    go.set()
    assert lane.wait("a", SOON_S).result == "a"


def test_the_same_key_is_worked_once(lane):
    calls = []
    for _ in range(2):
        lane.start("a", lambda report: calls.append(1) or "done")
        lane.wait("a", SOON_S)
    assert calls == [1]


def test_one_at_a_time(lane):
    go = held(lane, "a")
    assert lane.start("b", lambda report: "b").doing == "waiting for its turn"
    assert lane.wait("b", 0.01).pending
    go.set()
    assert lane.wait("b", SOON_S).result == "b"


def test_a_cancelled_job_ends_at_its_next_report_and_the_next_one_begins(lane):
    go = held(lane, "a")
    lane.start("b", lambda report: "b")
    lane.cancel("a")
    assert lane.look("a") is None
    go.set()
    assert lane.wait("b", SOON_S).result == "b"
    assert lane.look("a") is None
    assert lane.start("a", lambda report: "again").pending or lane.look("a").result == "again"
    assert lane.wait("a", SOON_S).result == "again"


def test_cancelled_and_asked_for_again_it_is_done_anew(lane):
    go = held(lane, "a")
    lane.cancel("a")
    lane.start("a", lambda report: "anew")
    go.set()
    assert lane.wait("a", SOON_S).result == "anew"


def test_work_that_nobody_looks_at_makes_room():
    lane = Jobs("impatient", patience_s=-1.0)
    go = held(lane, "a")
    lane.start("b", lambda report: "b")
    go.set()
    assert lane.wait("b", SOON_S).result == "b"
    assert lane.look("a") is None


def test_a_lane_of_endless_patience_abandons_nothing(monkeypatch):
    lane, now = Jobs("patient", patience_s=math.inf), [0.0]
    monkeypatch.setattr("core.system.background_jobs.time", SimpleNamespace(monotonic=lambda: now[0]))
    go = held(lane, "a")
    lane.start("b", lambda report: "b")
    now[0] = 1e9
    go.set()
    assert lane.wait("a", SOON_S).result == "a"
    assert lane.wait("b", SOON_S).result == "b"


def test_the_seconds_left_are_those_of_the_last_report(lane):
    go, begun = threading.Event(), threading.Event()

    def work(report):
        report(0.1, "counting", 9.0)
        report(0.2, "waiting")
        report(0.5, "counting", remaining_s=5.0)
        begun.set()
        assert go.wait(SOON_S)
        return "done"

    lane.start("a", work)
    assert begun.wait(SOON_S)
    assert lane.look("a").remaining_s == 5.0
    go.set()
    assert lane.wait("a", SOON_S).remaining_s is None


def test_a_job_that_is_over_is_done_again_only_when_asked_and_a_pending_one_never_twice(lane):
    lane.start("a", lambda report: "first")
    lane.wait("a", SOON_S)
    assert lane.start("a", lambda report: "second").result == "first"
    lane.start("a", lambda report: "second", again=True)
    assert lane.wait("a", SOON_S).result == "second"
    go = held(lane, "b")
    lane.start("b", lambda report: "other", again=True)
    go.set()
    assert lane.wait("b", SOON_S).result == "b"


def test_what_is_pending_is_listed_and_gone_once_the_lane_is_closed(lane):
    go = held(lane, "a")
    lane.start("b", lambda report: "b")
    assert lane.pending() == ["a", "b"]
    assert not lane.close(timeout_s=0.01), "its work has not come to a report yet"
    assert lane.pending() == [] and lane.look("b") is None
    go.set()
    assert lane.close(SOON_S)
    assert lane.look("a") is None


def test_a_failure_is_a_sentence_and_the_lane_goes_on(lane, caplog):
    def refuse(report):
        raise DataError("Too few images.")

    def break_off(report):
        raise ZeroDivisionError

    lane.start("a", refuse)
    assert lane.wait("a", SOON_S).error == "Too few images."
    lane.start("b", break_off)
    lane.start("c", lambda report: "c")
    assert "could not be computed (ZeroDivisionError)" in lane.wait("b", SOON_S).error
    assert lane.wait("c", SOON_S).result == "c"
    assert "test-jobs failed" in caplog.text


def test_only_the_last_few_results_are_kept(lane):
    for key in "abc":
        lane.start(key, lambda report: "done")
        assert lane.wait(key, SOON_S).result
    assert [lane.look(key) is not None for key in "abc"] == [False, True, True]


def test_a_result_that_was_looked_at_outlives_a_newer_one(lane):
    for key in "abac":
        lane.start(key, lambda report: "done")
        assert lane.wait(key, SOON_S).result
    assert [lane.look(key) is not None for key in "abc"] == [True, False, True]


def test_what_nobody_looks_at_any_more_ends_though_nothing_else_waits(monkeypatch):
    lane, now_s = Jobs("test-jobs", alone_s=90.0), 0.0
    monkeypatch.setattr("core.system.background_jobs.time", SimpleNamespace(monotonic=lambda: now_s))
    go = held(lane, "kept")
    now_s = 89.0
    go.set()
    assert lane.wait("kept", SOON_S).result == "kept"
    go = held(lane, "left")
    now_s = 180.0
    go.set()
    lane.wait("left", SOON_S)
    assert lane.look("left") is None
