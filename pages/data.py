"""Data: choose a source, read its report, look at the digits and at what augmentation makes of them."""

import streamlit as st

from ui import controls, datasheet, downloads
from ui.frame import frame

with frame("Data") as lab:
    st.title("Data")
    controls.kept_recipe()
    source, upload = st.columns(2)
    with source:
        controls.field("dataset")
        downloads.mnist_button()
    with upload:
        datasheet.upload_box()
    dataset = datasheet.chosen()
    datasheet.report_line(dataset)
    balance, means = st.columns(2)
    with balance:
        datasheet.class_balance(dataset)
    with means:
        datasheet.mean_digits(dataset)
    datasheet.browser(dataset)
    datasheet.augmentation(dataset)
