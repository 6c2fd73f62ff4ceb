#include "data/source_options.h"

#include <string.h>

static const char *const missing_names[] = {
    [MISSING_REFUSE] = "refuse", [MISSING_ZERO] = "zero", [MISSING_MEAN] = "mean", [MISSING_BELOW] = "below"};
static const char *const header_names[] = {[HEADER_AUTO] = "auto", [HEADER_YES] = "yes", [HEADER_NO] = "no"};

static const char *const encoding_names[] = {[ENCODING_UTF8] = "utf-8", [ENCODING_LATIN1] = "latin1"};

static size_t find_name(const char *const *names, size_t count, const char *name)
{
    size_t found = 0;
    for (size_t n = 0; n < count; n++)
        if (strcmp(names[n], name) == 0)
            found = n;
    return found;
}

const char *missing_kind_name(size_t kind)
{
    return kind <= MISSING_BELOW ? missing_names[kind] : NULL;
}

MissingKind missing_kind_find(const char *name)
{
    return (MissingKind)find_name(missing_names, MISSING_BELOW + 1, name);
}

const char *header_kind_name(size_t kind)
{
    return kind <= HEADER_NO ? header_names[kind] : NULL;
}

HeaderKind header_kind_find(const char *name)
{
    return (HeaderKind)find_name(header_names, HEADER_NO + 1, name);
}

const char *encoding_kind_name(size_t kind)
{
    return kind <= ENCODING_LATIN1 ? encoding_names[kind] : NULL;
}

EncodingKind encoding_kind_find(const char *name)
{
    return (EncodingKind)find_name(encoding_names, ENCODING_LATIN1 + 1, name);
}

void source_read_for(SourceOptions *options, const Schema *schema)
{
    options->schema = schema;
    if (schema != NULL && options->missing_tokens.count == 0)
        options->missing_tokens =
            (MissingTokens){(const char *const *)schema->missing_tokens, schema->missing_token_count};
}

bool source_chooses_columns(const SourceOptions *options)
{
    return options->label != NULL || options->target_count > 0 || options->weight != NULL || options->id_count > 0 ||
           options->drop_count > 0 || options->category_count > 0 || options->column_count > 0 ||
           options->group != NULL || options->time != NULL;
}
