#!/usr/bin/env bash
# Gradescope runs this once, as root, while it builds the image.
set -eu
here=/autograder/source
. "$here/environment"

bash "$here/install-tools"

# The crates that submissions in Rust may use, built by this image's compiler: no submission waits for them.
chmod +x "$here/grader"
mkdir -p "$GRADER_CACHE" /autograder/results
"$here/grader" warm

# Submissions run as other users than root.
chmod o= "$here" /autograder/results
