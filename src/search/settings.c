#include "search/settings.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/renamed.h"
#include "nn/network.h"
#include "search/strategy_names.h"
#include "search/text.h"

#define NAME_AT(names, index) ((index) < sizeof(names) / sizeof(names)[0] ? (names)[index] : NULL)

static const char *objective_choice(size_t index)
{
    static const char *const names[] = {"valid_accuracy", "valid_loss"};
    return NAME_AT(names, index);
}

static const char *metric_choice(size_t index)
{
    static const char *const names[] = {"mean", "median"};
    return NAME_AT(names, index);
}

static const char *promote_choice(size_t index)
{
    static const char *const names[] = {"early", "late"};
    return NAME_AT(names, index);
}

/* More would be a slip of the hand. */
#define MOST_TRIALS 1000000
#define DEFAULT_TRIALS 32
#define MOST_REPEATS 1000
#define MOST_WORKERS 1024
#define MOST_MINUTES 1e6

#define CHOICE(function) .type = KEY_CHOICE, .choice = (function)
#define INTEGER(from, to) .type = KEY_INTEGER, .low = (from), .high = (to)
#define NUMBER_WITHIN(from, to) .type = KEY_NUMBER, .low = (from), .high = (to), .above_low = true, .below_high = true
#define NUMBER_BELOW(from, to) .type = KEY_NUMBER, .low = (from), .high = (to), .below_high = true

static const Key keys[] = {
    {"search.strategy", CHOICE(strategy_name), .fallback = "random", .flag = "--strategy",
     .help = "strategy that chooses the next trial"},
    {"search.trials", INTEGER(1, MOST_TRIALS), .unset = "32; with minutes, as many as there is time for",
     .flag = "--trials", .help = "number of trials; grid tries all combinations"},
    {"search.seed", INTEGER(0, INFINITY), .fallback = "0", .flag = "--seed",
     .help = "seed of the strategy; trials are trained with the seed of the recipe"},
    {"search.repeats", INTEGER(1, MOST_REPEATS), .fallback = "1", .flag = "--repeats",
     .help = "runs of each trial, with the seed of the recipe, the next one, ..."},
    {"search.metric", CHOICE(metric_choice), .fallback = "mean",
     .help = "score of a trial with repeats: mean or median of the runs that did not diverge"},
    {"search.objective", CHOICE(objective_choice), .unset = "valid_accuracy; valid_loss without classes",
     .help = "metric that trials are compared by"},
    {"search.diverged_below", NUMBER_BELOW(0, 1), .fallback = "0",
     .help = "treat a run as diverged if its last accuracy is below this, though its loss is finite"},
    {"search.minutes", NUMBER_WITHIN(0, MOST_MINUTES), .unset = "no limit", .flag = "--minutes",
     .help = "end after this time, winner included; how many trials there are then depends on the machine"},
    {"search.ensemble", INTEGER(0, NETWORK_MOST_MEMBERS), .unset = "0", .flag = "--ensemble",
     .help = "most networks of a winner that is made of the best trials together; 0: the best trial, trained again"},
    {"search.workers", INTEGER(1, MOST_WORKERS), .fallback = "4",
     .help = "trials that halving and tpe treat as running at once; changes the results, unlike --jobs"},
    {"search.halving.least_epochs", INTEGER(1, INFINITY), .fallback = "1",
     .help = "epochs of the first rung; the last rung has train.epochs"},
    {"search.halving.reduction", INTEGER(2, 1000), .fallback = "4",
     .help = "one trial in this many continues to the next rung, with this many times the epochs"},
    {"search.halving.promote", CHOICE(promote_choice), .fallback = "early",
     .help = "when trials continue: early, as soon as they are among the best, or late, when all have started"},
    {"search.around.startup", INTEGER(1, MOST_TRIALS), .unset = "8",
     .help = "number of trials at the beginning that are the recipe itself, each with another seed"},
    {"search.around.change", NUMBER_WITHIN(0, 1), .unset = "0.25",
     .help = "probability of each key to be changed in a new trial"},
    {"search.tpe.startup", INTEGER(1, MOST_TRIALS), .fallback = "10",
     .help = "number of random trials at the beginning"},
    {"search.tpe.gamma", NUMBER_WITHIN(0, 1), .fallback = "0.15", .help = "fraction of the trials that count as good"},
    {"search.tpe.candidates", INTEGER(1, MOST_TRIALS), .fallback = "24",
     .help = "number of values drawn for each key; the most promising is used"},
};

#define KEY_COUNT (sizeof keys / sizeof keys[0])
_Static_assert(KEY_COUNT <= SETTINGS_MOST, "there is a value for each key");

const Key *search_key_at(size_t index)
{
    return index < KEY_COUNT ? &keys[index] : NULL;
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

percept_status search_settings_create(SearchSettings *out, percept_error *error)
{
    percept_status status = PERCEPT_OK;
    *out = (SearchSettings){0};
    for (size_t i = 0; status == PERCEPT_OK && i < KEY_COUNT; i++)
        if (keys[i].fallback != NULL)
            status = value_parse(&keys[i], keys[i].fallback, &out->values[i], error);
    return status;
}

void search_settings_clear(SearchSettings *settings)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        value_clear(&settings->values[i]);
}

/* ---- Setting ----------------------------------------------------------------------------------------------------- */

static percept_status refuse_unknown(const char *name, percept_error *error)
{
    const char *names[KEY_COUNT];
    char quoted[QUOTED_SIZE];
    for (size_t i = 0; i < KEY_COUNT; i++)
        names[i] = keys[i].name;
    const char *nearest = nearest_word(name, names, KEY_COUNT);
    return error_set(error, PERCEPT_ERROR_ARGUMENT, "unknown key %s%s%s%s", quote_text(name, quoted),
                     nearest != NULL ? "; did you mean '" : "; `percept search --help` lists all keys",
                     nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
}

percept_status search_settings_set(SearchSettings *settings, const char *name, const char *text, const char *where,
                                   percept_error *error)
{
    Value value = {0};
    size_t i = 0;
    while (i < KEY_COUNT && strcmp(keys[i].name, renamed(name)) != 0)
        i++;
    percept_status status = i < KEY_COUNT ? value_parse(&keys[i], text, &value, error) : refuse_unknown(name, error);
    if (status == PERCEPT_OK) {
        value_clear(&settings->values[i]);
        settings->values[i] = value;
    } else if (where != NULL) {
        error_prefix(error, "%s", where);
    }
    return status;
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static const Value *value_of(const SearchSettings *settings, const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].name + strlen(SETTINGS_PREFIX), name) == 0)
            return &settings->values[i];
    assert(false);
    return NULL;
}

bool search_setting_is_set(const SearchSettings *settings, const char *name)
{
    return value_of(settings, name)->count > 0;
}

const char *search_setting_text(const SearchSettings *settings, const char *name)
{
    return search_setting_is_set(settings, name) ? value_of(settings, name)->items.texts[0] : NULL;
}

int64_t search_setting_integer(const SearchSettings *settings, const char *name)
{
    return value_of(settings, name)->items.integers[0];
}

double search_setting_number(const SearchSettings *settings, const char *name)
{
    return value_of(settings, name)->items.numbers[0];
}

size_t search_setting_count_or(const SearchSettings *settings, const char *name, size_t otherwise)
{
    return search_setting_is_set(settings, name) ? (size_t)search_setting_integer(settings, name) : otherwise;
}

double search_setting_number_or(const SearchSettings *settings, const char *name, double otherwise)
{
    return search_setting_is_set(settings, name) ? search_setting_number(settings, name) : otherwise;
}

size_t search_settings_trials(const SearchSettings *settings)
{
    return search_setting_count_or(settings, "trials",
                                   search_setting_is_set(settings, "minutes") ? MOST_TRIALS : DEFAULT_TRIALS);
}

percept_status search_settings_decide(SearchSettings *settings, percept_error *error)
{
    char text[32];
    if (search_setting_is_set(settings, "trials") || search_setting_is_set(settings, "minutes"))
        return PERCEPT_OK;
    snprintf(text, sizeof text, "%d", DEFAULT_TRIALS);
    return search_settings_set(settings, "search.trials", text, NULL, error);
}

percept_status search_settings_write(const SearchSettings *settings, Buffer *out, percept_error *error)
{
    percept_status status = text_add(out, error, "search:\n");
    for (size_t i = 0; status == PERCEPT_OK && i < KEY_COUNT; i++) {
        char buffer[VALUE_ITEM_SIZE];
        if (settings->values[i].count > 0)
            status = text_add(out, error, "  %s: %s\n", keys[i].name + strlen(SETTINGS_PREFIX),
                              value_item_text(&keys[i], &settings->values[i], 0, buffer));
    }
    return status;
}
