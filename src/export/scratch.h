/* A folder for files that are not yet handed over, beside the place of the file. */
#ifndef EXPORT_SCRATCH_H
#define EXPORT_SCRATCH_H

#include "base/file.h"

typedef struct Scratch {
    char *beside; /* the folder that the files are for */
    char *folder; /* …/.percept-export-XXXXXX */
    char *file;   /* the main file, under its final name */
} Scratch;

/* Creates an empty folder beside `path`. Released with scratch_remove, also on failure. */
percept_status scratch_create(const char *path, Scratch *out, percept_error *error);

/* Copies all files to their places: the main one through `writer`, which is released, and after all others. */
percept_status scratch_hand_over(const Scratch *scratch, FileWriter *writer, percept_error *error);

/* Removes the folder with its files. */
void scratch_remove(Scratch *scratch);

#endif
