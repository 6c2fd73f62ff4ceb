#!/bin/sh
# Rows of numbers, separated by commas, from standard input as a header for measure.c.
awk -F, '
    { lines[NR] = $0 }
    END {
        n = split(lines[1], cells, ",")
        printf "#include <math.h>\n\nenum { ROW_COUNT = %d };\nstatic const float rows[ROW_COUNT][%d] = {\n", NR, n
        for (i = 1; i <= NR; i++) {
            split(lines[i], cells, ",")
            for (j = 1; j <= n; j++)
                printf "%s%s%s", (j > 1 ? ", " : "    {"), (cells[j] == "" ? "NAN" : cells[j] + 0), (j < n ? "" : "},\n")
        }
        print "};"
    }'
