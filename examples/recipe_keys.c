/* Lists all keys of recipes, as a form or a command line of one's own would need them: ./recipe_keys [SECTION] */
#include <math.h>
#include <percept/percept.h>
#include <stdio.h>
#include <string.h>

static void print_values(size_t i)
{
    static const char *const types[] = {"", "text", "one of", "integer", "number", "true or false"};
    double low = 0, high = 0;
    int low_excluded = 0, high_excluded = 0;
    printf("  %s%s", types[percept_key_type_of(i)], percept_key_is_list(i) ? " (a list)" : "");
    percept_key_range(i, &low, &high, &low_excluded, &high_excluded);
    if (isfinite(low))
        printf(" %s %g", low_excluded ? ">" : ">=", low);
    if (isfinite(high))
        printf(" %s %g", high_excluded ? "<" : "<=", high);
    for (size_t c = 0; percept_key_choice(i, c) != NULL; c++)
        printf("%s %s", c > 0 ? "," : "", percept_key_choice(i, c));
    printf("\n");
}

int main(int argc, char **argv)
{
    const char *section = argc > 1 ? argv[1] : "train.";
    percept_error error;
    percept_recipe *recipe = NULL;
    char value[256], text[8192];
    size_t length = 0;

    for (size_t i = 0; i < percept_key_count(); i++) {
        if (strncmp(percept_key_name(i), section, strlen(section)) != 0)
            continue;
        const char *fallback = percept_key_default(i);
        printf("%s: %s\n", percept_key_name(i), percept_key_help(i));
        print_values(i);
        printf("  default: %s\n", fallback != NULL ? fallback : percept_key_default_rule(i));
    }
    if (percept_recipe_parse("train:\n  epochs: 5\n  optimizer: sgd\n", &recipe, &error) ||
        percept_recipe_get(recipe, "train.epochs", value, sizeof value, &length, &error) ||
        percept_recipe_text(recipe, text, sizeof text, &length, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    printf("\ntrain.epochs is %s; the whole recipe has %zu bytes of YAML\n", value, length);
    percept_recipe_free(recipe);
    return strcmp(value, "5") != 0 || length >= sizeof text;
}
