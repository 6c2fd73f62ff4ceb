/* Rules by which thresholds are chosen, as text. */
#include <string.h>

#include "base/number.h"
#include "train/curve.h"

static const struct {
    const char *name;
    ThresholdKind kind;
} rules[] = {{"f1", THRESHOLD_F1},
             {"youden", THRESHOLD_YOUDEN},
             {"recall=", THRESHOLD_RECALL},
             {"precision=", THRESHOLD_PRECISION},
             {"cost=", THRESHOLD_COST}};

enum { RULES = sizeof rules / sizeof rules[0] };

/* Room for a number of a rule. */
#define NUMBER_TEXT 40

/* "FP:FN" */
static bool read_costs(const char *text, ThresholdRule *rule)
{
    char first[NUMBER_TEXT];
    const char *colon = strchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof first)
        return false;
    memcpy(first, text, (size_t)(colon - text));
    first[colon - text] = '\0';
    return number_parse(first, &rule->false_positive) && number_parse(colon + 1, &rule->false_negative) &&
           rule->false_positive >= 0 && rule->false_negative >= 0 && rule->false_positive + rule->false_negative > 0 &&
           rule->false_positive + rule->false_negative < 1e300;
}

static bool read_value(const char *text, ThresholdRule *rule)
{
    if (rule->kind == THRESHOLD_COST)
        return read_costs(text, rule);
    if (rule->kind == THRESHOLD_RECALL || rule->kind == THRESHOLD_PRECISION)
        return number_parse(text, &rule->least) && rule->least > 0 && rule->least <= 1;
    return *text == '\0';
}

percept_status threshold_rule_parse(const char *text, ThresholdRule *out, percept_error *error)
{
    for (size_t r = 0; r < RULES; r++) {
        ThresholdRule rule = {.kind = rules[r].kind};
        const size_t length = strlen(rules[r].name);
        if (strncmp(text, rules[r].name, length) == 0 && read_value(text + length, &rule)) {
            *out = rule;
            return PERCEPT_OK;
        }
    }
    return error_set(error, PERCEPT_ERROR_ARGUMENT,
                     "'%.40s' is no rule for a threshold; give f1, youden, recall=0.9, precision=0.8 or cost=1:5 (of a "
                     "false positive, of a false negative)",
                     text);
}
