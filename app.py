"""Lab: settings, curves, mistakes and a canvas on one screen."""

from ui.frame import frame
from ui.lab.page import lab_page

with frame("Lab") as lab:
    lab_page(lab)
