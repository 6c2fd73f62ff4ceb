#include "export/c_dates.h"

static size_t count_parts(const Schema *schema)
{
    size_t count = 0;
    for (size_t j = 0; j < schema->width; j++)
        count += schema_is_date(schema, j) ? 1 : 0;
    return count;
}

bool c_dates_any(const CSource *source)
{
    return count_parts(&source->model->schema) > 0;
}

void c_dates_declare(const CSource *source, CText *out)
{
    const char *p = source->prefix, *P = source->upper;
    if (!c_dates_any(source))
        return;
    c_put(
        out,
        "\n/* Writes the features of a date, of which `feature` is one, to their places in `features`. The date and "
        "the\n"
        " * seconds since midnight are local; offset: seconds by which its zone is east of UTC, 0 if there is none. Of "
        "a\n"
        " * time of day give 2000-01-01. For a missing date set these features to NAN. */\n"
        "void %s_date(int feature, int year, int month, int day, double seconds, double offset, %s_VALUE *features);\n",
        p, P);
    c_put(
        out,
        "\n/* The same from seconds since 1970-01-01 in UTC, such as (double)time(NULL), for dates without a zone. */\n"
        "void %s_epoch(int feature, double seconds, %s_VALUE *features);\n",
        p, P);
}

void c_dates_write(CSource *source, CText *out)
{
    const Schema *schema = &source->model->schema;
    size_t column = 0;
    if (!c_dates_any(source))
        return;
    c_put(
        out,
        "/* Parts: year, month, day, weekday, hour, time. */\nstatic const struct {\n    int feature, column, part;\n} "
        "dates[%zu] = {\n",
        count_parts(schema));
    for (size_t j = 0; j < schema->width; j++) {
        column = schema_leads(schema, j) ? j : column;
        if (schema_is_date(schema, j))
            c_put(out, "    {%zu, %zu, %d},\n", j, column, (int)schema->dates[j].part);
    }
    c_put(out, "};\n\n");
    c_expand(source, "dates", out);
}
