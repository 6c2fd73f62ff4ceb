#ifndef CLI_HELP_WRITER_H
#define CLI_HELP_WRITER_H

#include <stdbool.h>
#include <stddef.h>

/* The functions by which a form prints what follows the flags (`more` of a Manual). */
typedef struct HelpWriter {
    bool everyday; /* print only the keys marked as everyday */
    void (*section)(const char *title);
    void (*paragraph)(const char *lines);                                                /* each line ended by \n */
    void (*gap)(void);                                                                   /* between groups of entries */
    void (*entry)(const char *name, const char *value, const char *help, size_t column); /* value may be NULL */
} HelpWriter;

#endif
