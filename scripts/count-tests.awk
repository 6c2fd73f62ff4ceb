# Counts tests in CTest's JUnit files (one per preset). A cmocka program counts once for each of its cases; anything
# else, and a program that failed outside its cases (a crash, a leak, a timeout), counts once.

function plain(text) {
    gsub(/&lt;/, "<", text)
    gsub(/&gt;/, ">", text)
    gsub(/&quot;/, "\"", text)
    gsub(/&apos;/, "'", text)
    gsub(/&amp;/, "\\&", text)
    return text
}

function attribute(line, name) {
    if (!match(line, " " name "=\"[^\"]*\""))
        return ""
    return plain(substr(line, RSTART + length(name) + 3, RLENGTH - length(name) - 4))
}

function fail(what) {
    failed++
    own_failed++
    failures = failures "  " preset ": " what "\n"
}

function skip(what) {
    skipped++
    skips = skips "  " preset ": " what ": " (reason == "" ? "no reason given" : reason) "\n"
}

# "[  SKIPPED ] name" ends the case that "[ RUN      ] name" began; the same line in the closing list does not.
function case_ends(line) {
    if (running == "" || substr(line, 14) != running)
        return 0
    ended++
    return 1
}

FNR == 1 {
    preset = FILENAME
    sub(/.*\//, "", preset)
    sub(/\.xml$/, "", preset)
}
/^[ \t]*<testcase / {
    test = attribute($0, "name")
    status = attribute($0, "status")
    cases = ended = own_failed = whole_skipped = 0
    running = reason = message = ""
}
# CTest calls a test skipped also when it could not start it.
/^[ \t]*<skipped message="SKIP_RETURN_CODE/ {
    whole_skipped = 1
}
/^[ \t]*<(skipped|failure) / {
    message = attribute($0, "message")
}
{
    line = plain($0)
    sub(/^[ \t]*<system-out>/, "", line)
    sub(/<\/system-out>$/, "", line)
}
line ~ /^skipped: / {
    reason = substr(line, 10)
}
line ~ /^\[ RUN      \] / {
    running = substr(line, 14)
    reason = ""
    cases++
}
line ~ /^\[       OK \] / && case_ends(line) {
    passed++
    running = ""
}
line ~ /^\[  FAILED  \] / && case_ends(line) {
    fail(test ": " running)
    running = ""
}
line ~ /^\[  SKIPPED \] / && case_ends(line) {
    skip(test ": " running)
    running = reason = ""
}
/^[ \t]*<\/testcase>/ {
    if (whole_skipped)
        skip(test)
    else if (status != "run" && (running != "" || !own_failed))
        fail(test (running == "" ? "" : ": " running) (message == "" ? "" : " (" message ")"))
    else if (status == "run")
        passed += cases ? cases - ended : 1 # an end may be lost in the output of the test itself
}

END {
    if (skipped)
        printf "skipped:\n%s", skips
    if (failed)
        printf "failed:\n%s", failures
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit broken || failed || !passed
}
