"""Data: choose a source, read its report, look at the digits and at what augmentation makes of them."""

import streamlit as st

from ui import downloads, held_recipe, recipe_form
from ui.data import dataset_view, merging, report, uploads
from ui.frame import frame

with frame("Data") as lab:
    st.title("Data")
    uploads.take_upload(lab)
    merging.take_merged(lab)
    held_recipe.kept_recipe()
    source, upload = st.columns(2)
    with source:
        recipe_form.field("dataset")
        downloads.mnist_button(lab)
        uploads.delete_button(lab)
    with upload:
        uploads.upload_box(lab)
    uploads.look_block(lab)
    merging.merge_block(lab)
    dataset = dataset_view.chosen()
    dataset_view.report_line(dataset)
    report.split_by_group(dataset)
    dataset_view.browser(dataset, report.chosen_finding(lab, dataset))
    balance, means = st.columns(2)
    with balance:
        dataset_view.class_balance(dataset)
    with means:
        dataset_view.mean_digits(dataset)
    dataset_view.augmentation(dataset)
