"""A list beside a chart: whichever was used last holds, whatever the other one still says."""

import pytest
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from ui.widgets.linked_select import choice_list, choose

    st.button("press on a 9", on_click=choose, args=("digit", 9))
    count = st.session_state.get("count", 0)
    choice_list("Digit", range(10), st.session_state.get("digit", 0), lambda digit: f"{digit}: {count}", "digit", help="")
    st.write(f"chosen: {st.session_state.get('digit', 0)}")


@pytest.fixture
def opened():
    return AppTest.from_function(page).run()


def chosen(opened):
    return opened.markdown[0].value


def test_a_choice_in_the_list_holds_until_a_press_and_the_list_says_the_press(opened):
    opened.selectbox[0].set_value(4).run()
    assert chosen(opened) == "chosen: 4"
    opened.button[0].click().run()
    assert chosen(opened) == "chosen: 9" and opened.selectbox[0].value == 9
    opened.selectbox[0].set_value(5).run()
    assert chosen(opened) == "chosen: 5"


def test_what_the_old_list_says_in_the_run_of_a_press_is_not_heard(opened):
    opened.selectbox[0].set_value(4)
    opened.button[0].click().run()
    assert chosen(opened) == "chosen: 9"


def test_a_choice_outlasts_other_words(opened):
    opened.selectbox[0].set_value(4).run()
    opened.session_state["count"] = 7
    opened.run()
    assert chosen(opened) == "chosen: 4" and opened.selectbox[0].options[4] == "4: 7"
