"""The Evaluate page: `page` chooses run, epoch and view; each view is a module with a `draw(lab, answers)`."""
