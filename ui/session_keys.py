"""Every key of the session's state, by page: what pages remember, and their widgets.

A browser's session has one name space for all pages, and a page is opened with what all others have left in it. So each key is
used by one module; tests/ui/test_session_keys.py holds that. The fields of the recipe, whose keys are their names, are the
exception: they are the same on every page. The keys of what stands in the address bar are the names there.

A button's key holds True in the run after its press; a key of a container or a chart holds nothing that a page reads.
"""

from __future__ import annotations

# Every page
PAGE = "page"  # str: the title of the page that is open
VISIT = "visit"  # int: how often the page was changed
HIDE = "hide"  # tuple[str, ...]: what a teacher's link hides
NOTES = "notes"  # list[str]: sentences at the head of the page
NOTES_PAGE = "notes-page"  # str: the page that they belong to
PERSON = "person"  # str: the name of whoever sits at this browser
PERSON_ASKED = "person-asked"  # bool: whether the name was given on this visit, and is to be kept in a cookie
PERSON_COOKIE, BROWSER_COOKIE = "person-cookie", "browser-cookie"  # components that write the cookies
BROWSER = "browser"  # str: the number under which drawings are kept without a name
BROWSER_KNOWN = "browser-known"  # bool: whether the drawings from before such numbers were looked for
CLAIM_LEFT = "claim-left"  # str: the name that what was made before it is not to come under for now
CLAIMED = "claimed"  # Claimed: what came under the name last
STARTED = "started"  # set[str]: ids of the runs that this browser started
LOG_IN = "log-in"  # button
LOG_OUT = "log-out"  # button
WHO = "who"  # popover
NAME = "name"  # str: the field for the name in the sidebar
NAME_ASKED = "name-asked"  # str: the same field where the name matters
CLASS_LINK = "class-link"  # button
PLOT_LIBRARY = "plot-library"  # component
MARK = "mark"  # container
LOOKS, STATUS = "looks", "status"  # components
NAVIGATION, FOOT = "navigation", "foot"  # containers of the sidebar
ENDED = "ended"  # str: id of the run that ended last while this browser looked on
WATCHED = "watched"  # set[str]: ids of the runs of this person that trained at the last look

# The recipe
PRESET = "preset"  # str: name of the preset, or "mine"
GROUPS, CHIPS = "groups", "chips"  # containers
FIND_SETTING = "find-setting"  # str: words of the settings that are looked for

# Lab
LAB, LAB_HEAD = "lab", "lab-head"  # containers
LAB_SETTINGS, LAB_GO, LAB_LEARNING, LAB_MISTAKES, LAB_DRAWING = (
    "lab-settings",
    "lab-go",
    "lab-learning",
    "lab-mistakes",
    "lab-drawing",
)
LAB_SLIDERS = "lab-sliders"  # component
LAB_BASE = "lab-base"  # str: the preset whose filters the width is a multiple of
LAB_CURVES, LAB_MATRIX = "lab-curves", "lab-matrix"  # charts
LAB_CELL = "lab-cell"  # tuple[int, int] | "all": true digit and answer of the chosen cell
LAB_CELL_ROW, LAB_SHEET = "lab-cell-row", "lab-sheet"  # containers
LAB_STARTER_DUE = "lab-starter-due"  # bool: whether this page was drawn once, so that the starter network may be asked
LAB_HAND, LAB_BOARD, LAB_ANSWER = "lab-hand", "lab-board", "lab-answer"  # containers
LAB_READ = "lab-read"  # dict: what each network and epoch read in the drawing
TOUR = "tour"  # container
TOUR_CLOSED = "tour-closed"  # bool
TOUR_CLOSE = "tour-close"  # button

# Data
UPLOAD = "upload"  # list[UploadedFile]
UPLOAD_READ = "upload-read"  # str: ids of the files whose reading was begun
UPLOAD_USED = "upload-used"  # str: ids of the files that were put in use
UPLOAD_LOOK = "upload-look"  # container
UPLOAD_LIE, UPLOAD_INK, UPLOAD_LABELS = "upload-lie", "upload-ink", "upload-labels"  # str: the reading that is chosen
UPLOAD_PROPOSED = "upload-proposed"  # str: ids of the files whose proposal these three hold
UPLOAD_TAKE, UPLOAD_LEAVE = "upload-take", "upload-leave"  # buttons
DELETE_UPLOAD = "delete-upload"  # button
MERGE = "merge"  # expander
MERGE_SETS = "merge-sets"  # list[str]: names of the data sets to merge
MERGE_FRAME = "merge-frame"  # table
MERGE_PRESS = "merge-press"  # button
MERGE_ASKED = "merge-asked"  # tuple[Part, ...] | None: what is being merged
DATASET = "dataset"  # str: a field of the recipe
GET_MNIST = "get-mnist"  # button
CLASS_BALANCE = "class-balance"  # chart
DIGIT = "digit"  # str: "all" or the digit whose images are shown
SHUFFLE, ANOTHER = "shuffle", "another"  # buttons
SHUFFLED = "shuffled"  # int: how often; the seed of the order
FOUND = "found"  # str: "all" or the kind of finding whose images are shown
FOUND_IN = "found-in"  # str: name of the data set that this was chosen in
LOOK_CLOSER = "look-closer"  # button
LOOK_BEGUN = "look-begun"  # str: name of the data set whose closer look began by itself
PICTURED = "pictured"  # int: how often another image was asked for

# Train
TRAIN, TRAIN_FORM, TRAIN_START, TRAIN_RUN, TRAIN_VIEW = (  # containers
    "train",
    "train-form",
    "train-start",
    "train-run",
    "train-view",
)
TRAIN_SHOWS = "show"  # str: which view of the run or the recipe is open
TRAIN_SHOWS_FIRST = "preview"  # str: the same before the first run
PRESSED_START = "pressed-start"  # int: the visit on which Start was pressed and nothing started yet
LAST_START = "last-start"  # tuple[Recipe, float]: what this browser started last, and when
PREFLIGHT, MEND = "preflight", "mend"  # container, button
WATCH, CURE = "watch", "cure"  # container, button
BRANCH = "branch"  # tuple[str, int]: the run and the epoch that Start branches off from
NO_BRANCH = "no-branch"  # button
LOG = "log"  # bool: whether the curves have a logarithmic axis
TRAIN_CURVES = "train-curves"  # chart
EPOCHS_FRAME = "epochs-frame"  # table
LAYERS_FRAME = "layers-frame"  # table
SCHEDULE_CHART = "schedule-chart"  # chart
CHALLENGE = "challenge"  # str: name of the challenge that the recipe is held against, or "none"
CHALLENGE_BLOCK = "challenge-block"  # container
CHALLENGE_CUT = "challenge-cut"  # button
RATE_FINDER = "rate-finder"  # container
FIND_RATE, TAKE_RATE = "find-rate", "take-rate"  # buttons
RANGE_TEST = "range-test"  # chart
QUEUE = "line"  # container
CANCELLED = "cancelled"  # tuple[str, int]: the run that was taken out of the queue last, and its place there
UNDO_CANCEL = "undo-cancel"  # button
AT_ONCE = "at-once"  # int: how many runs train at once
AT_ONCE_POPOVER = "at-once-popover"  # popover

# Evaluate
RUN = "run"  # str: handle of the run that Evaluate, Draw and Kaggle are about, or "newest"; empty for that of `answering`
VIEW = "view"  # str: which view is open
EVALUATE_LINE = "evaluate-line"  # container
PLAYING = "playing"  # str | None: the slider whose epochs are being played
REWIND = "rewind"  # bool: whether playing begins with the first epoch
PLAY_EPOCHS = "play-epochs"  # button
CONFUSION_VIEW = "confusion-view"  # str
CELL = "cell"  # tuple[int, int] | "all": true digit and answer of the chosen cell
CELL_LINKED = "cell-linked"  # tuple[str | None, str | None, float]: what this page put into the address bar, what before, when
DIGIT_FRAME = "digit-frame"  # table
NEXT_SHEET = "next-sheet"  # button
ORDER = "order"  # str: the order of the misread images
MISTAKE_BARS, MISTAKE_EPOCHS = "mistake-bars", "mistake-epochs"  # charts
WHY_MISREAD = "why-misread"  # expander
RELIABILITY = "reliability"  # chart
TRUST_FRAME = "trust-frame"  # table
OTHER = "other"  # str: handle of the run to compare with
DIFFERENCE = "difference"  # chart
COUNTS_FRAME = "counts-frame"  # table
SEED_BAND = "seed-band"  # chart
ANOTHER_SEED = "another-seed"  # button
MAP_METHOD = "map-method"  # str: "PCA" or "t-SNE"
MAP_SHOW = "map-show"  # str: which images are shown: a digit, "errors" or "circled"
MAP_CANCELLED = "map-cancelled"  # tuple[str, int]: run and epoch of the map that was cancelled
MAP_START = "map-start"  # button
MAP_BARS = "map-bars"  # chart
SUSPECTS_OF = "suspects-of"  # str: "run" or "all"
BUDGET_KIND = "budget-kind"  # str | None: the part of the error budget whose images are shown
TRAIN_WITHOUT = "train-without"  # button
UNDO_VERDICT = "undo-verdict"  # button
SUSPECTS = "suspects"  # container, and the name of its pager
SEARCH_LABELS, CANCEL_SEARCH = "search-labels", "cancel-search"  # buttons
SET = "set"  # str: name of the data set that the run is scored on
SCORE_SET = "score-set"  # button
SET_RUNS = "set-runs"  # list[str]: ids of the runs in the table of sets
SETS_ASKED = "sets-asked"  # tuple[Cell, ...]: what this browser had scored last
SCORE_SETS, SETS_DOWNLOAD = "score-sets", "sets-download"  # buttons
TEST_SET_DOOR = "test-set-door"  # popover
OPEN_TEST_SET = "open-test-set"  # button

# Draw
DRAWING = "drawing"  # str: what is drawn: "digit", "number" or "photo"
IS_ONE = "is-one"  # str: digest of the drawing of which somebody has said that it is one digit
READ_NUMBER, READ_ONE = "read-number", "read-one"  # buttons
DRAW_DIGIT_PLACE = "draw-digit-place"  # int: place of the digit of a number that is looked at more closely
TRAIN_QUICK = "train-quick"  # button
SEEN, ANSWER = "seen", "answer"  # containers
ANSWER_CHART = "answer-chart"  # chart
WHY = "why"  # expander
BRUSH = "brush"  # int: pixels
BRUSH_POPOVER = "brush-popover"  # popover
TOOL = "tool"  # str: "pen" or "eraser"
TOOLS = "tools"  # container
CANVAS_WHERE = "canvas-where"  # tuple[int, str, str]: visit, place and key of the canvas that was drawn last
UNDO, REDO, CLEAR = "undo", "redo", "clear"  # buttons
ANSWER_SAID = "answer-said"  # component
PHOTO, CAMERA = "photo", "camera"  # UploadedFile | None
PHOTO_SOURCE = "photo-source"  # str: "File" or "Camera"
EPOCH_HISTORY = "epoch-history"  # expander
EPOCH_HISTORY_CHART = "epoch-history-chart"  # chart
EPOCH_HISTORY_ASKED = "epoch-history-asked"  # key of the history that this visit asked for last
ALWAYS_ANSWER = "always-answer"  # bool: whether everything gets an answer
REJECTION = "rejection"  # expander
RISK_COVERAGE = "risk-coverage"  # chart
SCORES_FRAME = "scores-frame"  # table
LABELS, ASIDE = "tell", "tell-aside"  # containers
IS_NON_DIGIT, IS_NOT_MINE = "is-non-digit", "is-not-mine"  # buttons: the drawing is no digit, or somebody else's
ANSWER_SHOWN = "answer-shown"  # tuple[str, Answer]: digest of the drawing and its answer, as the page showed them last
KEEP_ASKED = "keep-asked"  # tuple[str, int]: digest of the rejected drawing and the digit it is to be kept as
KEEP_ANYWAY, KEEP_NOT = "keep-anyway", "keep-not"  # buttons
KEPT = "kept"  # str: what was kept from the canvas that is clean again
HAND_UNDO = "hand-undo"  # list[tuple[str, str, Callable]]: label, words and what takes the step back, newest last
HAND_CHANGED = "hand-changed"  # bool: whether a step was just taken back
HAND_PRESSED = "hand-pressed"  # Label: what was pressed in the run before
HAND_SHOW = "hand-show"  # str: "all", "wrong", a digit, "non-digit" or "not-mine"
HAND = "hand"  # name of the pager
HAND_GALLERY = "hand-gallery"  # container
HAND_CSV = "hand-csv"  # download button
HAND_UPLOAD = "hand-upload"  # UploadedFile | None
HAND_IMPORT = "hand-import"  # tuple[bool, str]: whether the last file was taken, and what is said of it
DELETE_DRAWINGS = "drawings-delete"  # button
GALLERY, LEARN_BLOCK = "gallery", "learn-block"  # expanders
QUIZ = "quiz"  # Quiz | None; also the container above the canvas
QUIZ_ENDED = "quiz-ended"  # Quiz: the one whose result was shown
QUIZ_TURN = "quiz-turn"  # container
QUIZ_START, QUIZ_NEXT, QUIZ_SKIP, QUIZ_STOP, QUIZ_CLOSE = "quiz-start", "quiz-next", "quiz-skip", "quiz-stop", "quiz-close"
QUIZ_RESULT = "quiz-result"  # table
QUIZ_SCROLL = "quiz-scroll"  # component
QUIZ_KEY = "quiz-key"  # bool: whether the key N is Next
LEARN, LEARN_AGAIN, FINE_TUNED_KEEP, FINE_TUNED_DISCARD = "learn", "learn-again", "lesson-keep", "lesson-drop"  # buttons
FINE_TUNED = "lesson"  # table

# Runs
FIND = "find"  # str: what is searched for
STATE = "state"  # str: only runs in this state
SORT = "sort"  # str: the order of the table
STARRED = "starred"  # bool: only runs with a star
CHOSEN = "chosen"  # list[str]: ids of the chosen runs
CHOSEN_LINKED = "chosen-linked"  # str: what this page put into the address bar for them
RUNS_SHOWN = "runs-shown"  # str: key of the table that is shown
STAR_PRESS = "star-press"  # the row whose star was pressed
NAME_PRESS = "name-press"  # the row whose name was pressed
BACK_TO_RUNS = "back-to-runs"  # button
RUN_FIGURES = "run-figures"  # container
OWN_CELL = "own-cell"  # str: the cell that was pressed on the own page of a run: "4-9"
RUN_RECIPE = "run-recipe"  # expander
RUN_CURVES = "run-curves"  # chart
RUN_EPOCHS = "run-epochs"  # table
CLOSER = "closer"  # str: handle of the chosen run that is looked at more closely
ALL_FIELDS = "all_fields"  # bool: whether fields are shown in which the recipes do not differ
CURVE = "curve"  # str: "accuracy" or "loss"
SMOOTHING = "smoothing"  # float: 0 to 0.95
CHALLENGES_FRAME = "challenges"  # table
SCORED = "scored"  # str: the validation images that the leaderboards are about
RUNS_THROWN = "runs-thrown"  # dict[str, str]: ids and names of the runs that were deleted last
DELETE_RUNS, UNDO_DELETE, BACK_ALL, EMPTY_BIN = "delete-runs", "undo-delete", "back-all", "empty-bin"  # buttons
BIN = "bin"  # popover
BIN_SURE = "bin-sure"  # bool: whether the bin is to be emptied

# Kaggle
TEST_CSV = "test-csv"  # UploadedFile | None
TEST_READ = "test-read"  # str: id of the file whose reading was begun
KAGGLE_IMAGES = "kaggle-images"  # (n, 28, 28) uint8
KAGGLE_READ = "kaggle-read"  # button
KAGGLE_DOWNLOAD = "kaggle-download"  # button
KAGGLE_COUNTS = "kaggle-counts"  # chart


# Keys with a part of their own: of a run, an image, a place on the page.


def claim(part: str, place: str) -> str:
    """The block that offers what was made before a name was given, in this place, or a button in it."""
    return f"claim-{part}-{place}"


def recipe_field(name: str) -> str:
    """The value of a field of the recipe, in its own type."""
    return name


def group_is_open(group: str) -> str:
    """bool: whether a group of the recipe's fields is open."""
    return f"open-{group}"


def group_button(group: str) -> str:
    return f"group-{group}"


def fields_of(place: str) -> str:
    """Container of some of the recipe's fields."""
    return f"fields-{place.lower()}"


def recipe_sliders(place: str) -> str:
    """Component: the sliders among them."""
    return f"sliders-{place.lower()}"


def chip(name: str) -> str:
    """A button that sets a field of the recipe back."""
    return f"chip-{name}"


def hidden_parts(kind: str) -> str:
    """list[str]: what the link for a class is to hide."""
    return f"hide-{kind}"


def question(where: str) -> str:
    """tuple[Action, str]: what is to be confirmed in this block, and the run's id."""
    return f"question-{where}"


def steering(button: str, where: str) -> str:
    """A button, or the row of buttons, that steers a run in this block."""
    return f"{button}-{where}"


def rate(run_id: str) -> str:
    """float: what the run's learning rate is multiplied by."""
    return f"rate-{run_id}"


def rate_known(run_id: str) -> str:
    """float: the same, as it was when the page was last drawn."""
    return f"rate-{run_id}-known"


def queue_button(button: str, run_id: str) -> str:
    return f"queue-{button}-{run_id}"


def going_on(button: str, place: str) -> str:
    """A button or a field by which a run goes on; `place` is the run's id, or the page."""
    return f"{button}-{place}"


def cancel_job(lane: str) -> str:
    return f"cancel-{lane}"


def plot_of(name: str, part: str) -> str:
    """A chart of one run or of one measure."""
    return f"{name}-{part}"


def image_pages(found: str, digit: str) -> str:
    """The name of the pager of the images of a finding and a digit."""
    return f"images-{found}-{digit}"


def merge_weight(dataset: str) -> str:
    """int: how often an epoch uses each training image of this data set."""
    return f"merge-weight-{dataset}"


def why_map(title: str) -> str:
    """A chart of the diagnosis."""
    return f"why-map-{title}"


def epoch(run_id: str) -> str:
    """int | "served": the epoch that Evaluate shows of this run."""
    return f"epoch-{run_id}"


def sheet(cell: tuple[int, int] | None) -> str:
    """int: how many sheets of this cell's images were turned."""
    return f"sheet-{cell}"


def map_drawn(run_id: str) -> str:
    """tuple[_Drawn, str]: the map that stands on the page, and its words."""
    return f"map-drawn-{run_id}"


def map_asked(run_id: str) -> str:
    """_Points: what the t-SNE map was asked for."""
    return f"map-asked-{run_id}"


def map_point(run_id: str) -> str:
    """int | None: row of the image that is looked at more closely."""
    return f"map-point-{run_id}"


def map_circled(run_id: str) -> str:
    """(n,) rows of the images that were circled."""
    return f"map-circled-{run_id}"


def nearest(run_id: str, epoch: int) -> str:
    return f"nearest-{run_id}-{epoch}"


def verdict(dataset: str, row: int) -> str:
    """str | None: the verdict on this image's label."""
    return f"verdict-{dataset}-{row}"


def pager_first(name: str) -> str:
    """int: place of the first item that is shown."""
    return f"{name}-first"


def pager_button(name: str, label: str) -> str:
    return f"{name}-{label.lower()}"


def sliders_heard(key: str) -> str:
    """int: the browser's time of the last change of these sliders that was heard."""
    return f"{key}-heard"


def canvas(width_px: int, theme: str) -> str:
    """What the canvas component sends."""
    return f"canvas-{width_px}-{theme}"


def canvas_board(width_px: int) -> str:
    return f"board-{width_px}"


def canvas_state(canvas_key: str) -> str:
    """CanvasState: the strokes of this canvas, what can be undone, and what the browser was told."""
    return f"canvas-state-{canvas_key}"


def canvas_pen(width_px: int) -> str:
    """Component that sends the drawing while it is drawn."""
    return f"pen-{width_px}"


def is_digit(digit: int) -> str:
    """Button that says which digit was drawn."""
    return f"is-{digit}"


def take_back(place: str) -> str:
    return f"take-back-{place}"


def drawing_cell(drawing_id: int) -> str:
    return f"drawing-{drawing_id}"


def delete_drawing(drawing_id: int) -> str:
    return f"delete-{drawing_id}"


def details(part: str, run_id: str) -> str:
    """A field or a button of the run that is looked at more closely."""
    return f"{part}-{run_id}"


def back_from_bin(run_id: str) -> str:
    return f"bin-back-{run_id}"


def unreadable(button: str, run_id: str) -> str:
    return f"unreadable-{button}-{run_id}"


def leaderboard(figure: str) -> str:
    return f"leaderboard-{figure}"


def run_table(ids_checksum: int) -> str:
    """The table of runs: the rows that are ticked."""
    return f"runs-{ids_checksum:08x}"


def list_widget(name: str, turn: int, words: int) -> str:
    """The value of a list whose choice lives under `name`."""
    return f"{name}-{turn}-{words}"


def list_now(name: str) -> str:
    """str | None: key of the newest list of this name."""
    return f"{name}-list"


def list_turn(name: str) -> str:
    """int: how often the choice was made elsewhere than in the list."""
    return f"{name}-turn"
