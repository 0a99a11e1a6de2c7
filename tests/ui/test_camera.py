"""Where a browser lends a page its camera: Secure Contexts, https://www.w3.org/TR/secure-contexts/."""

import pytest

from ui.draw.camera import may_have_a_camera


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://lab.school.org/draw", True),
        ("http://localhost:8501/draw", True),
        ("http://127.0.0.1:8501", True),
        ("http://[::1]:8501", True),
        ("", True),
        ("http://192.168.1.7:8501/draw", False),
        ("http://lab.school.org", False),
    ],
)
def test_a_camera_is_lent_over_https_and_to_the_computer_itself(url, may):
    assert may_have_a_camera(url) == may
