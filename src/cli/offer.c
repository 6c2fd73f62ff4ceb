#include "cli/offer.h"

#include <stdio.h>
#include <string.h>

#include "cli/settings.h"
#include "data/generate.h"
#include "data/source.h"
#include "show/show.h"

static void add_word(Offer *offer, const char *word, size_t length)
{
    const size_t used = strlen(offer->words);
    snprintf(offer->words + used, sizeof offer->words - used, "%s%.*s", used > 0 ? " " : "", (int)length, word);
}

static void add_datasets(Offer *offer)
{
    size_t count = 0;
    const NamedDataset *table = named_datasets(&count);
    for (size_t d = 0; d < count; d++)
        add_word(offer, table[d].name, strlen(table[d].name));
}

static void add_generators(Offer *offer)
{
    size_t count = 0;
    const Generator *table = generators(&count);
    for (size_t g = 0; g < count; g++)
        add_word(offer, table[g].name, strlen(table[g].name));
}

static void add_kinds(Offer *offer)
{
    size_t count = 0;
    const ShowKind *table = show_kinds(&count);
    for (size_t k = 0; k < count; k++)
        add_word(offer, table[k].name, strlen(table[k].name));
}

static bool is(const char *part, size_t length, const char *word)
{
    return strlen(word) == length && strncmp(part, word, length) == 0;
}

/* One alternative of a value's name. Generators are offered wherever a data file is. */
static void add_part(Offer *offer, const char *part, size_t length, bool has_choices)
{
    if (part[0] >= 'a' && part[0] <= 'z')
        add_word(offer, part, length);
    else if (is(part, length, "DIR"))
        offer->folders = true;
    else if (is(part, length, "FILE") || is(part, length, "RUN") || is(part, length, "MODEL") ||
             is(part, length, "RECIPE"))
        offer->files = true;
    else if (is(part, length, "KEY=VALUE"))
        offer->keys = true;
    else if (is(part, length, "POINTS"))
        add_generators(offer);
    else if (is(part, length, "KIND"))
        add_kinds(offer);
    else if (is(part, length, "NAME") && !has_choices) {
        add_datasets(offer);
        if (part[length] == '|')
            add_generators(offer);
    }
}

static void describe(const char *name, const char *(*choice)(size_t), Offer *out)
{
    *out = (Offer){.list = strstr(name, ",...") != NULL};
    for (size_t i = 0; choice != NULL && choice(i) != NULL; i++)
        add_word(out, choice(i), strlen(choice(i)));
    for (const char *part = name; *part != '\0';) {
        const size_t length = strcspn(part, "|,."); /* "RUN..." is RUN */
        add_part(out, part, length, choice != NULL);
        part += length;
        part += *part == '|' ? 1 : strlen(part);
    }
}

void offer_of_key(const Key *key, Offer *out)
{
    describe(settings_value_name(key), key->type == KEY_CHOICE ? key->choice : NULL, out);
}

void offer_of_option(const Option *option, Offer *out)
{
    const Key *key = settings_key(option);
    if (key != NULL)
        offer_of_key(key, out);
    else
        describe(option->value,
                 option->take == option_take_choice ? ((const OptionChoice *)option->target)->name : NULL, out);
}

void offer_of_operand(const Operand *operand, Offer *out)
{
    describe(operand->name, NULL, out);
}

const char *offer_help(const Option *option)
{
    const Key *key = settings_key(option);
    return option->help != NULL ? option->help : key != NULL ? key->help : "";
}
