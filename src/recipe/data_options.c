#include "recipe/data_options.h"

#include <string.h>

#include "recipe/preset.h"

static GeneratorOptions generator_options(const percept_recipe *recipe)
{
    GeneratorOptions options = {.seed = (uint64_t)recipe_integer(recipe, "data.seed")};
    if (recipe_is_set(recipe, "data.examples"))
        options.count = (size_t)recipe_integer(recipe, "data.examples");
    if (recipe_is_set(recipe, "data.class_count"))
        options.classes = (size_t)recipe_integer(recipe, "data.class_count");
    if (recipe_is_set(recipe, "data.turns"))
        options.turns = recipe_number(recipe, "data.turns");
    options.has_noise = recipe_is_set(recipe, "data.noise");
    if (options.has_noise)
        options.noise = recipe_number(recipe, "data.noise");
    return options;
}

SourceOptions data_options_source(const percept_recipe *recipe)
{
    const char *format = recipe_text(recipe, "data.format");
    return (SourceOptions){
        .format = strcmp(format, "auto") == 0 ? NULL : format,
        .encoding = encoding_kind_find(recipe_text(recipe, "data.encoding")),
        .header = header_kind_find(recipe_text(recipe, "data.header")),
        .delimiter = recipe_text(recipe, "data.delimiter"),
        .decimal_comma = strcmp(recipe_text(recipe, "data.decimal"), "comma") == 0,
        .label = recipe_text(recipe, "data.label"),
        .targets = recipe_texts(recipe, "data.targets"),
        .target_count = recipe_count(recipe, "data.targets"),
        .weight = recipe_text(recipe, "data.weight"),
        .group = recipe_text(recipe, "data.group"),
        .time = recipe_text(recipe, "data.time"),
        .ids = recipe_texts(recipe, "data.id"),
        .id_count = recipe_count(recipe, "data.id"),
        .drop = recipe_texts(recipe, "data.drop"),
        .drop_count = recipe_count(recipe, "data.drop"),
        .categories = recipe_texts(recipe, "data.categories"),
        .category_count = recipe_count(recipe, "data.categories"),
        .columns = recipe_texts(recipe, "data.columns"),
        .column_count = recipe_count(recipe, "data.columns"),
        .missing = missing_kind_find(preset_missing(recipe)),
        .below_in_tables = recipe_is(recipe, "preset", "auto") && !recipe_is_chosen(recipe, "data.missing"),
        .rare = preset_rare(recipe),
        .zero_based = recipe_integer(recipe, "data.first_index") == 0,
        .missing_label = unanswered_kind_find(recipe_text(recipe, "data.missing_label")),
        .missing_tokens = {recipe_texts(recipe, "data.missing_tokens"), recipe_count(recipe, "data.missing_tokens")},
        .label_file = recipe_text(recipe, "data.label_file"),
        .decide_answers = preset_suits_tables(recipe),
        .generate = generator_options(recipe),
        .threads = (size_t)recipe_integer(recipe, "threads"),
    };
}

DataOptions data_options_of(const percept_recipe *recipe)
{
    DataOptions options = {
        .name = recipe_text(recipe, "data.name"),
        .directory = recipe_text(recipe, "data.directory"),
        .source = data_options_source(recipe),
        .classes = recipe_texts(recipe, "data.classes"),
        .class_count = recipe_count(recipe, "data.classes"),
        .positive = recipe_texts(recipe, "data.positive"),
        .positive_count = recipe_count(recipe, "data.positive"),
        .per_class = (size_t)recipe_integer(recipe, "data.per_class"),
        .limit_test = recipe_boolean(recipe, "data.limit_test"),
        .join = recipe_boolean(recipe, "data.join"),
        .split = recipe_numbers(recipe, "data.split"),
        .split_count = recipe_count(recipe, "data.split"),
        .validation = recipe_is_set(recipe, "data.validation") ? recipe_number(recipe, "data.validation") : -1,
    };
    options.by_time = recipe_is(recipe, "data.order", "time") || options.source.time != NULL;
    options.validation_file = recipe_text(recipe, "data.validation_file");
    options.test_file = recipe_text(recipe, "data.test_file");
    options.test_told = recipe_is_set(recipe, "data.test");
    options.test = options.test_told ? recipe_number(recipe, "data.test") : 0;
    options.shuffle_told = recipe_is_set(recipe, "data.shuffle");
    options.shuffle = options.shuffle_told && recipe_boolean(recipe, "data.shuffle");
    options.stratify_told = recipe_is_set(recipe, "data.stratify");
    options.stratify = options.stratify_told && recipe_boolean(recipe, "data.stratify");
    return options;
}
