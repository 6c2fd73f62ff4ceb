#include "train/schedule.h"

#include <math.h>
#include <string.h>

static double constant_rate(double base, double decay, size_t epoch, size_t epochs)
{
    (void)decay, (void)epoch, (void)epochs;
    return base;
}

static double exponential_rate(double base, double decay, size_t epoch, size_t epochs)
{
    (void)epochs;
    return base * pow(decay, (double)epoch);
}

static double inverse_rate(double base, double decay, size_t epoch, size_t epochs)
{
    return base / (1 + decay * (double)epoch / (double)epochs);
}

static const Schedule table[] = {
    {"constant", "learning_rate", constant_rate},
    {"exponential", "learning_rate * decay^epoch", exponential_rate},
    {"inverse", "learning_rate / (1 + decay * epoch / epochs)", inverse_rate},
};

const Schedule *schedule_at(size_t index)
{
    return index < sizeof table / sizeof table[0] ? &table[index] : NULL;
}

int schedule_find(const char *name)
{
    for (size_t i = 0; schedule_at(i) != NULL; i++)
        if (strcmp(table[i].name, name) == 0)
            return (int)i;
    return -1;
}
