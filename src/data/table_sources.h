/* Which column of a table becomes which feature: for table_arrange alone. */
#ifndef DATA_TABLE_SOURCES_H
#define DATA_TABLE_SOURCES_H

#include "data/table_dates.h"

/* What becomes a feature: a column, or a part of one with dates. Columns of the matrix come first. */
typedef struct Source {
    size_t column;
    DateFeature date; /* of dates */
    double *
        values; /* of each text: its code, its number or a part of its date, NaN for one that the schema lacks; owned */
    bool rows;  /* the values are those of the rows: parts of dates that are given as numbers */
} Source;

typedef struct Arrangement {
    const percept_table *table;
    Source *sources; /* made.width, with room for all parts of all dates */
    Arranged made;
} Arrangement;

/* Numbers and dates in the order of the table, and categories behind them; and the schema, whose vocabularies are not known
 * yet. */
percept_status table_sources_describe(Arrangement *all, percept_error *error);

/* The columns that a schema names, or in their order where names are missing; all->made.schema receives a copy. */
percept_status table_sources_match(Arrangement *all, const Schema *schema, percept_error *error);

/* The columns of the matrix, and those that came by themselves (NULL: a column of the matrix). */
static inline size_t table_columns(const percept_table *table)
{
    return table->width + table->added_count;
}

static inline const TableColumn *table_added(const percept_table *table, size_t column)
{
    return column >= table->width ? &table->added[column - table->width] : NULL;
}

static inline FeatureKind table_kind(const percept_table *table, size_t column)
{
    const TableColumn *added = table_added(table, column);
    if (added != NULL)
        return added->kind;
    return table->kinds != NULL ? table->kinds[column] : FEATURE_NUMBER;
}

static inline const char *table_name(const percept_table *table, size_t column)
{
    const TableColumn *added = table_added(table, column);
    return added != NULL ? added->name : table->names[column];
}

static inline bool table_has_names(const percept_table *table)
{
    return table->width == 0 || table->names != NULL;
}

#endif
