#include "search/space.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/renamed.h"
#include "search/text.h"

#define HIDDEN "model.hidden"

/* Room for the name of a setting with its prefix. */
#define SETTING_NAME 64

static void clear_dimension(Dimension *dimension)
{
    for (size_t i = 0; i < dimension->choice_count; i++)
        memory_free(dimension->choices[i]);
    memory_free(dimension->choices);
    memory_free(dimension->name);
}

void space_free(Space *space)
{
    if (space == NULL)
        return;
    for (size_t d = 0; d < space->count; d++)
        clear_dimension(&space->dimensions[d]);
    for (size_t c = 0; c < space->condition_count; c++) {
        condition_free(space->parsed[c]);
        memory_free(space->conditions[c]);
    }
    memory_free(space->dimensions);
    search_settings_clear(&space->settings);
    percept_recipe_free(space->base);
    memory_free(space->path);
    memory_free(space);
}

/* ---- Points ------------------------------------------------------------------------------------------------------ */

/* Hidden layers at the point; widths follow the depth at once. */
static size_t depth_at(const Space *space, const double *point, size_t d)
{
    return (size_t)dimension_number(&space->dimensions[d], point[d]);
}

bool space_has(const Space *space, const double *point, size_t d)
{
    const size_t least = space->dimensions[d].least_depth;
    return least == 0 || (!isnan(point[d - least]) && depth_at(space, point, d - least) >= least);
}

bool space_varies(const Space *space, const char *key)
{
    for (size_t d = 0; d < space->count; d++)
        if (space->dimensions[d].role == DIMENSION_KEY && strncmp(space->dimensions[d].name, key, strlen(key)) == 0)
            return true;
    return false;
}

void space_leave_out(Space *space, const char *key)
{
    for (size_t d = 0; d < space->count; d++) {
        if (space->dimensions[d].role != DIMENSION_KEY || strcmp(space->dimensions[d].name, key) != 0)
            continue;
        clear_dimension(&space->dimensions[d]);
        memmove(space->dimensions + d, space->dimensions + d + 1, (space->count - d - 1) * sizeof *space->dimensions);
        space->count--;
        return;
    }
}

/* "256-128" of the dimension of hidden layers or of the depth; "0" for none. */
static percept_status add_hidden(const Space *space, size_t d, const double *point, Buffer *out, percept_error *error)
{
    char buffer[DIMENSION_TEXT];
    const Dimension *dimension = &space->dimensions[d];
    if (dimension->role == DIMENSION_HIDDEN)
        return text_add(out, error, "%s", dimension_text(dimension, point[d], buffer));
    const size_t depth = depth_at(space, point, d);
    percept_status status = depth == 0 ? text_add(out, error, "0") : PERCEPT_OK;
    for (size_t l = 1; status == PERCEPT_OK && l <= depth; l++)
        status =
            text_add(out, error, "%s%.0f", l > 1 ? "-" : "", dimension_number(&space->dimensions[d + l], point[d + l]));
    return status;
}

/* model.layers: inputs and outputs as the recipe has them, else as the data ask for them. */
static percept_status set_hidden(const Space *space, size_t d, const double *point, size_t inputs, size_t outputs,
                                 percept_recipe *recipe, percept_error *error)
{
    Buffer hidden = {0}, layers = {0};
    const size_t count = recipe_count(space->base, "model.layers");
    if (count >= 2) {
        inputs = (size_t)recipe_integers(space->base, "model.layers")[0];
        outputs = (size_t)recipe_integers(space->base, "model.layers")[count - 1];
    }
    percept_status status = add_hidden(space, d, point, &hidden, error);
    if (status == PERCEPT_OK && strcmp((const char *)hidden.bytes, "0") == 0)
        status = text_add(&layers, error, "%zu-%zu", inputs, outputs);
    else if (status == PERCEPT_OK)
        status = text_add(&layers, error, "%zu-%s-%zu", inputs, (const char *)hidden.bytes, outputs);
    if (status == PERCEPT_OK)
        status = recipe_set(recipe, "model.layers", (const char *)layers.bytes, HIDDEN, error);
    buffer_clear(&hidden);
    buffer_clear(&layers);
    return status;
}

percept_status space_apply(const Space *space, const double *point, size_t inputs, size_t outputs,
                           percept_recipe *recipe, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    char buffer[DIMENSION_TEXT];
    for (size_t d = 0; status == PERCEPT_OK && d < space->count; d++) {
        const Dimension *dimension = &space->dimensions[d];
        if (isnan(point[d]))
            continue;
        if (dimension->role == DIMENSION_KEY)
            status = recipe_set(recipe, dimension->name, dimension_text(dimension, point[d], buffer), NULL, error);
        else if (inputs > 0 && dimension->role != DIMENSION_WIDTH)
            status = set_hidden(space, d, point, inputs, outputs, recipe, error);
    }
    return status;
}

percept_status space_refuses(const Space *space, const percept_recipe *recipe, const char **out, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    *out = NULL;
    for (size_t c = 0; status == PERCEPT_OK && *out == NULL && c < space->condition_count; c++) {
        bool holds = true;
        status = condition_holds(space->parsed[c], recipe, &holds, error);
        *out = holds ? NULL : space->conditions[c];
    }
    return status;
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

size_t space_columns(const Space *space)
{
    size_t columns = 0;
    for (size_t d = 0; d < space->count; d++)
        columns += space->dimensions[d].role != DIMENSION_WIDTH;
    return columns;
}

static size_t dimension_of(const Space *space, size_t column)
{
    size_t d = 0;
    for (size_t seen = 0;; d++) {
        seen += space->dimensions[d].role != DIMENSION_WIDTH;
        if (seen > column)
            return d;
    }
}

const char *space_column_name(const Space *space, size_t column)
{
    const Dimension *dimension = &space->dimensions[dimension_of(space, column)];
    return dimension->role == DIMENSION_KEY ? dimension->name : HIDDEN;
}

percept_status space_column_text(const Space *space, size_t column, const double *point, char **out,
                                 percept_error *error)
{
    const size_t d = dimension_of(space, column);
    const Dimension *dimension = &space->dimensions[d];
    char buffer[DIMENSION_TEXT];
    Buffer text = {0};
    if (isnan(point[d]))
        return memory_copy_string("", out, error);
    if (dimension->role == DIMENSION_KEY)
        return memory_copy_string(dimension_text(dimension, point[d], buffer), out, error);
    percept_status status = add_hidden(space, d, point, &text, error);
    if (status == PERCEPT_OK)
        *out = (char *)text.bytes;
    else
        buffer_clear(&text);
    return status;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static percept_status write_values(const Dimension *dimension, Buffer *out, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    char low[DIMENSION_TEXT], high[DIMENSION_TEXT];
    if (dimension->choices == NULL) {
        status = text_add(out, error, "{low: %s, high: %s, scale: %s", dimension_text(dimension, dimension->low, low),
                          dimension_text(dimension, dimension->high, high), dimension->logarithmic ? "log" : "linear");
        if (status == PERCEPT_OK && dimension->integer)
            status = text_add(out, error, ", integer: true");
        if (status == PERCEPT_OK && dimension->steps > 0)
            status = text_add(out, error, ", steps: %zu", dimension->steps);
        return status == PERCEPT_OK ? text_add(out, error, "}") : status;
    }
    for (size_t i = 0; status == PERCEPT_OK && i < dimension->choice_count; i++) {
        status = text_add(out, error, i == 0 ? "[" : ", ");
        if (status == PERCEPT_OK)
            status = text_add_quoted(out, dimension->choices[i], error);
    }
    return status == PERCEPT_OK ? text_add(out, error, "]") : status;
}

static percept_status write_dimension(const Space *space, size_t d, Buffer *out, percept_error *error)
{
    const Dimension *dimension = &space->dimensions[d];
    if (dimension->role == DIMENSION_WIDTH)
        return PERCEPT_OK;
    percept_status status = text_add(out, error, "  %s: ", dimension->role == DIMENSION_KEY ? dimension->name : HIDDEN);
    if (status == PERCEPT_OK && dimension->role != DIMENSION_DEPTH) {
        status = write_values(dimension, out, error);
    } else if (status == PERCEPT_OK) {
        status = text_add(out, error, "{depth: ");
        if (status == PERCEPT_OK)
            status = write_values(dimension, out, error);
        if (status == PERCEPT_OK)
            status = text_add(out, error, ", width: ");
        if (status == PERCEPT_OK)
            status = write_values(&space->dimensions[d + 1], out, error);
        if (status == PERCEPT_OK)
            status = text_add(out, error, "}");
    }
    return status == PERCEPT_OK ? text_add(out, error, "\n") : status;
}

percept_status space_write(const Space *space, Buffer *out, percept_error *error)
{
    percept_status status = recipe_write_text(space->base, out, error);
    if (status == PERCEPT_OK)
        status = search_settings_write(&space->settings, out, error);
    if (status == PERCEPT_OK)
        status = text_add(out, error, "space:\n");
    for (size_t d = 0; status == PERCEPT_OK && d < space->count; d++)
        status = write_dimension(space, d, out, error);
    if (status == PERCEPT_OK && space->condition_count > 0)
        status = text_add(out, error, "conditions:\n");
    for (size_t c = 0; status == PERCEPT_OK && c < space->condition_count; c++) {
        status = text_add(out, error, "  - ");
        if (status == PERCEPT_OK)
            status = text_add_quoted(out, space->conditions[c], error);
        if (status == PERCEPT_OK)
            status = text_add(out, error, "\n");
    }
    return status;
}

/* Today's name of the setting that a line of the section `search` begins with; its value starts at *value. */
static void read_setting(const char *line, char name[SETTING_NAME], const char **value)
{
    const size_t indent = strspn(line, " "), end = strcspn(line + indent, ":\n"),
                 most = SETTING_NAME - sizeof SETTINGS_PREFIX, length = end < most ? end : most;
    char written[SETTING_NAME];
    snprintf(written, sizeof written, "%s%.*s", SETTINGS_PREFIX, (int)length, line + indent);
    snprintf(name, SETTING_NAME, "%s", renamed(written));
    *value = line + indent + length;
}

bool space_texts_agree(const char *one, const char *other)
{
    while (*one != '\0' && *other != '\0') {
        const size_t length = strcspn(one, "\n"), other_length = strcspn(other, "\n");
        if (length != other_length || strncmp(one, other, length) != 0) {
            char name[SETTING_NAME], other_name[SETTING_NAME];
            const char *value = NULL, *other_value = NULL;
            read_setting(one, name, &value);
            read_setting(other, other_name, &other_value);
            const size_t rest = strcspn(value, "\n");
            if (strcmp(name, other_name) != 0 || strcspn(other_value, "\n") != rest ||
                strncmp(value, other_value, rest) != 0)
                return false;
        }
        one += length + (one[length] == '\n');
        other += other_length + (other[other_length] == '\n');
    }
    return *one == *other;
}
