#include "base/number_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

TextNumber text_count(size_t count)
{
    char digits[24];
    TextNumber number;
    size_t length = (size_t)snprintf(digits, sizeof digits, "%zu", count), used = 0;
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            number.text[used++] = ',';
        number.text[used++] = digits[i];
    }
    number.text[used] = '\0';
    return number;
}

TextNumber text_loss(double loss)
{
    TextNumber number;
    const bool plain = loss == 0 || (fabs(loss) >= 1e-3 && fabs(loss) < 1e6);
    snprintf(number.text, sizeof number.text, plain ? "%.4f" : "%.4g",
             isnan(loss) ? NAN : loss); /* no sign before nan */
    return number;
}

TextNumber text_percent(double fraction)
{
    TextNumber number;
    snprintf(number.text, sizeof number.text, "%.2f %%", 100 * fraction);
    return number;
}

TextNumber text_duration(double seconds)
{
    TextNumber number;
    const unsigned long whole = seconds > 0 && seconds < 1e9 ? (unsigned long)(seconds + 0.5) : 0;
    if (whole >= 3600)
        snprintf(number.text, sizeof number.text, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(number.text, sizeof number.text, "%lu:%02lu", whole / 60, whole % 60);
    return number;
}
