#!/bin/sh
# The important figures in one sitting, in the form of bench/RESULTS.md, for two cores with nothing else running; says how long it took.
#
#     sh bench/all.sh > figures.md
#
# Needs DIGITLAB_MNIST and DIGITLAB_PEN; PYTHON is the Python of the product's environment. What takes longer stands in RESULTS.md by
# itself: stock Keras to its target, `best`, the soak, the attack.
cd "$(dirname "$0")/.." || exit
PYTHON=${PYTHON:-.venv/bin/python}
DIGITLAB_DATA_DIR=$(mktemp -d)
export DIGITLAB_DATA_DIR
began=$(date +%s)
failed=""

figure() {
    script=$1
    shift
    since=$(date +%s)
    printf '## bench/%s %s\n\n```\n' "$script" "$*"
    "$PYTHON" "bench/$script" "$@" 2>"$DIGITLAB_DATA_DIR/errors" || { failed="$failed $script"; tail -n 3 "$DIGITLAB_DATA_DIR/errors"; }
    printf '```\n\n%s s\n\n' $(($(date +%s) - since))
}

figure step.py --rounds 5
figure onednn.py --rounds 3
figure step_profile.py
figure time_to_accuracy.py --only
figure builtin_digits.py
figure newcomer.py --times 3
figure dashboard.py
figure slowdown.py --pairs 4
figure drawing.py --run starter
figure drawing.py --preset quick --dataset digits
figure evaluate.py
figure large_table.py --times 3
rm -r "$DIGITLAB_DATA_DIR"
printf '%s minutes in all\n' $((($(date +%s) - began) / 60))
[ -z "$failed" ] || { echo "failed:$failed" >&2; exit 1; }
