"""Train: every setting of a recipe on the left; on the right how its run goes, and what the recipe will do."""

from ui.frame import frame
from ui.train.page import train_page

with frame("Train") as lab:
    train_page(lab)
