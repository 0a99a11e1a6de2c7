"""Lab: settings, curves, mistakes and a canvas on one screen."""

from ui import recipe_form
from ui.frame import frame
from ui.lab.page import lab_page

recipe_form.begin_with_quick()  # before the frame says which data are at hand
with frame("Lab") as lab:
    lab_page(lab)
