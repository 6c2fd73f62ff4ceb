/* Profiles: how an answer depends on one column, a panel for each; the mean over rows in front of some rows' own lines. */
#ifndef PLOT_PROFILES_H
#define PLOT_PROFILES_H

#include "plot/layout.h"

typedef struct ProfilesPanel {
    const char *name;         /* of the column */
    size_t count;             /* places, 1 at least */
    const double *places;     /* rising; with names 0, 1, … */
    const char *const *names; /* of the places; NULL: they are numbers */
    const double *mean;       /* count */
    const double *lines;      /* line_count × count */
    const double *marks;      /* values at the axis where the data lie, or NULL */
    size_t mark_count;
} ProfilesPanel;

typedef struct ProfilesPicture {
    const char *title, *y_label;                      /* title NULL: none */
    const char *mean_words, *line_words, *mark_words; /* of the legend; mark_words NULL: no panel has marks */
    size_t line_count;
    const ProfilesPanel *panels;
    size_t panel_count;
} ProfilesPicture;

/* Draws folder/NAME.{svg,png,gp,csv}; all panels have one range of y. The folder must exist. */
percept_status plot_profiles(const char *folder, const char *name, const ProfilesPicture *picture,
                             percept_error *error);

#endif
