import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import inert


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("train (2).csv", "train (2).csv"),
        ("my_digits_2.csv", "my_digits_2.csv"),
        ("O'Brien & söhne, 1.5 %", "O'Brien & söhne, 1.5 %"),
        ("手書き", "手書き"),
        ("![x](https:host?q).csv", "x (https host?q).csv"),
        ("[click me](https:evil.example)", "click me (https evil.example)"),
        (":red[x] :smile: $x$ ~x~ `x`", "red x smile x x x"),
        ("__proto__", "proto"),
        ("_a_ *b*", "a b"),
        ("www.evil.example", "www .evil.example"),
        ("ana@school.org", "ana at school.org"),
        ("# head", "head"),
        ("--- x", "x"),
        ("1. item", "1 item"),
        ("&lt;b&gt;", "lt;b gt;"),
        ("a\u202eb\u200bc", "abc"),
        ("\u3164\u200b\u2800", ""),
        ("a\n\n b\tc", "a b c"),
        ("o\x1b\u0301", "ó"),
    ],
)
def test_what_a_page_could_take_for_markup_is_left_out(text, shown):
    assert inert(text) == shown


@given(st.text(max_size=200) | st.text("_*[]()!:#@.w1 -&;<>~$`|\\\u200bo\u0301", max_size=40))
def test_what_it_gives_stays_as_it_is(text):
    once = inert(text)
    assert inert(once) == once and "\n" not in once
