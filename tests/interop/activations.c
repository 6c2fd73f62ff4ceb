/* Prints values and derivatives of activations for check_activations.py:
 *
 *   activations     reads numbers from standard input, one a line, and prints for each elementwise activation, each engine
 *                   and each number a line: activation engine f(z) f'(z) */
#include <stdio.h>
#include <stdlib.h>

#include "base/isa.h"
#include "engine/cpu/activate.h"

enum { MOST = 100000 };

typedef struct Engine {
    const char *name;
    Elementwise_f64 (*elementwise)(const Activation_f64 *activation);
    void (*activate)(const Elementwise_f64 *f, size_t count, const double *Z, double *A, double *D);
} Engine;

#define ROW(isa) {#isa, elementwise_##isa##_f64, activate_##isa##_f64},
static const Engine engines[] = {ISA_EACH(ROW)};
#undef ROW

static void print(const char *activation, const char *engine, size_t count, const double *A, const double *D)
{
    for (size_t i = 0; i < count; i++)
        printf("%s %s %.17g %.17g\n", activation, engine, A[i], D[i]);
}

static size_t read_numbers(double *Z)
{
    size_t count = 0;
    char line[64];
    while (count < MOST && fgets(line, sizeof line, stdin) != NULL)
        Z[count++] = strtod(line, NULL);
    return count;
}

int main(void)
{
    static double Z[MOST], A[MOST], D[MOST];
    const size_t count = read_numbers(Z);
    const Activation_f64 *activation = NULL;
    for (size_t index = 0; (activation = activation_at_f64(index)) != NULL; index++) {
        if (!activation->elementwise)
            continue;
        for (size_t i = 0; i < count; i++)
            D[i] = 1;
        activation->forward(1, count, Z, A);
        activation->backward(1, count, Z, A, D, D);
        print(activation->name, "reference", count, A, D);
        for (size_t isa = 0; isa < ISA_COUNT; isa++) {
            if (!isa_supported(isa))
                continue;
            const Elementwise_f64 f = engines[isa].elementwise(activation);
            engines[isa].activate(&f, count, Z, A, D);
            print(activation->name, engines[isa].name, count, A, D);
        }
    }
    return 0;
}
