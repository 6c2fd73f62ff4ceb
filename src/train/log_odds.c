#include "train/log_odds.h"

#include <math.h>
#include <string.h>

#include "nn/activation.h"

/* Of one example, which has at least two. The largest sum, z_m, is the largest of the others for all but m itself; for m
 * that is the second one, z_s. Sums of exponentials are taken relative to it, and so are at least 1. */
static void softmax_odds(size_t width, double *z)
{
    size_t m = 0, s = 1;
    double of_m = 0, of_all = 0;
    for (size_t j = 1; j < width; j++)
        m = z[j] > z[m] ? j : m;
    s = m == 0 ? 1 : 0;
    for (size_t j = 0; j < width; j++)
        s = j != m && z[j] > z[s] ? j : s;
    const double first = z[m], second = z[s];
    for (size_t j = 0; j < width; j++) {
        of_m += j == m ? 0 : exp(z[j] - second);
        of_all += exp(z[j] - first);
    }
    for (size_t k = 0; k < width; k++)
        z[k] = k == m ? (first - second) - log(of_m) : (z[k] - first) - log(fmax(of_all - exp(z[k] - first), 1));
}

void log_odds_of_logits(const Network *network, size_t count, double *logits)
{
    const size_t width = network_outputs(network);
    const char *output = activation_at_f64(network->layers[network->depth - 1].activation)->name;
    for (size_t i = 0; i < count && width > 1 && strcmp(output, "softmax") == 0; i++)
        softmax_odds(width, logits + i * width);
}

double odds_probability(double log_odds)
{
    const double e = exp(-fabs(log_odds));
    return (log_odds >= 0 ? 1 : e) / (1 + e);
}
