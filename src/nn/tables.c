/* Look-ups by name in the tables of activations and losses, whose rows are the same in every precision. */
#include <string.h>

#include "nn/activation.h"
#include "nn/loss.h"

int activation_find(const char *name)
{
    for (size_t i = 0; activation_at_f64(i) != NULL; i++)
        if (strcmp(activation_at_f64(i)->name, name) == 0)
            return (int)i;
    return -1;
}

int loss_find(const char *name)
{
    for (size_t i = 0; loss_at_f64(i) != NULL; i++)
        if (strcmp(loss_at_f64(i)->name, name) == 0)
            return (int)i;
    return -1;
}

size_t loss_for_output(const char *activation)
{
    for (size_t i = 0; loss_at_f64(i) != NULL; i++)
        if (loss_at_f64(i)->output != NULL && strcmp(loss_at_f64(i)->output, activation) == 0)
            return i;
    return (size_t)loss_find("mean-squared-error");
}
