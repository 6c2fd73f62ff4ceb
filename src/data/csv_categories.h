/* The texts of categories while a table is read. Each column has a vocabulary: it grows with the file, or it is that of a
 * model and does not. */
#ifndef DATA_CSV_CATEGORIES_H
#define DATA_CSV_CATEGORIES_H

#include "data/columns.h"
#include "data/csv_reader.h"
#include "data/label_table.h"

/* A feature that is a category. */
typedef struct CsvCategory {
    LabelTable values; /* code k is the text that came k-th */
    size_t cells;      /* that are not missing */
    size_t unknown;    /* cells with texts that a model's vocabulary lacks */
    size_t column;     /* of the file, counted from 0 */
    size_t
        line; /* of the first that is neither a number nor a boolean, or a number with leading zeros; 0: there is none */
    CsvCell first;     /* that cell; its text is owned */
    CsvCell unescaped; /* room for a cell with doubled quotes; its text is owned */
} CsvCategory;

/* Begins as {0}. */
typedef struct CsvCategories {
    size_t width;      /* features; 0: none of them is a category */
    CsvCategory *list; /* width of them, empty where the feature is no category */
    bool known;        /* the vocabularies are those of a model */
} CsvCategories;

/* Prepares to read the categories among columns; schema: of the model for which the table is read, or NULL. Released with
 * csv_categories_clear. */
percept_status csv_categories_create(const Columns *columns, const Schema *schema, CsvCategories *out,
                                     percept_error *error);
void csv_categories_clear(CsvCategories *categories);

/* The code of a cell whose text has come before while the vocabulary grew; false for other cells. The usual case,
 * and fast. */
bool csv_categories_know(CsvCategories *categories, size_t place, const CsvCell *cell, double *code);

/* The code of a cell that is not missing, in feature `place`; NAN for a text that the model does not know. The cell stays
 * as it is. PERCEPT_ERROR_FORMAT for a new text that is not UTF-8, which could not be saved with a model. */
percept_status csv_categories_code(CsvCategories *categories, size_t place, const CsvReader *reader, size_t line,
                                   const CsvCell *cell, double *code, percept_error *error);

/* Adds the cells that were counted with the same vocabularies, those of a model, elsewhere. */
void csv_categories_join(CsvCategories *categories, const CsvCategories *more);

/* Judges the columns that were only guessed to be categories, at the end of a file. A column of texts is a category if at
 * most half of its texts are different, and not all of `rows` cells are the same. Others are constant, identify rows or are
 * free text, and are marked (Column.free_text) to be left out. PERCEPT_ERROR_FORMAT names the first of these in a file
 * without a header, for which a model could not tell that a column was left out, and if there is no other feature; and the
 * first with numbers that are not written as such. `leave` allows all but the second. */
percept_status csv_categories_judge(const CsvCategories *categories, const CsvReader *reader, size_t rows, bool leave,
                                    Columns *columns, percept_error *error);

/* The cells of each feature that a model does not know: *unknown, released with memory_free, is NULL if there are none. */
percept_status csv_categories_count_unknown(const CsvCategories *categories, size_t **unknown, percept_error *error);

/* Writes the vocabularies to a schema that was made by columns_describe. */
percept_status csv_categories_describe(const CsvCategories *categories, Schema *schema, percept_error *error);

#endif
