/* What is asked of the tables of activations and losses, whose rows are the same in every precision. */
#include <math.h>
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

bool activation_has_kink(size_t index)
{
    const Activation_f64 *f = activation_at_f64(index);
    double slopes[2];
    if (!f->elementwise)
        return false;
    for (int side = 0; side < 2; side++) {
        const double z = side == 0 ? -1e-9 : 1e-9, one = 1;
        double a = 0;
        f->forward(1, 1, &z, &a);
        f->backward(1, 1, &z, &a, &one, &slopes[side]);
    }
    return fabs(slopes[1] - slopes[0]) > 1e-6; /* more than a bend */
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
