#include "search/dimension.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"

#define DIGITS 5

_Static_assert(DIMENSION_TEXT >= NUMBER_SIZE, "a number fits");

double dimension_to_scale(const Dimension *dimension, double value)
{
    return dimension->logarithmic ? log(value) : value;
}

double dimension_lowest(const Dimension *dimension)
{
    return dimension_to_scale(dimension, dimension->low - (dimension->integer ? 0.5 : 0));
}

double dimension_highest(const Dimension *dimension)
{
    return dimension_to_scale(dimension, dimension->high + (dimension->integer ? 0.5 : 0));
}

/* As text and back: the value is then exactly what tables and recipes show. */
static double rounded(double value)
{
    char text[NUMBER_SIZE];
    double result = value;
    number_format_digits(value, DIGITS, text);
    return number_parse(text, &result) ? result : value;
}

double dimension_from_scale(const Dimension *dimension, double place)
{
    const double exact = dimension->logarithmic ? exp(place) : place;
    const double value = dimension->integer ? floor(exact + 0.5) : rounded(exact);
    return fmin(fmax(value, dimension->low), dimension->high);
}

size_t dimension_grid_count(const Dimension *dimension)
{
    return dimension->choices != NULL ? dimension->choice_count : dimension->steps;
}

double dimension_grid_value(const Dimension *dimension, size_t i)
{
    if (dimension->choices != NULL)
        return (double)i;
    const double low = dimension_to_scale(dimension, dimension->low);
    const double high = dimension_to_scale(dimension, dimension->high);
    const double part = dimension->steps > 1 ? (double)i / (double)(dimension->steps - 1) : 0;
    return dimension_from_scale(dimension, low + part * (high - low));
}

double dimension_draw(const Dimension *dimension, RandomStream *stream)
{
    const double unit = random_unit(stream);
    if (dimension->choices != NULL)
        return fmin(floor(unit * (double)dimension->choice_count), (double)dimension->choice_count - 1);
    const double low = dimension_lowest(dimension), high = dimension_highest(dimension);
    return dimension_from_scale(dimension, low + unit * (high - low));
}

double dimension_number(const Dimension *dimension, double value)
{
    double number = value;
    if (dimension->choices != NULL && !number_parse(dimension->choices[(size_t)value], &number))
        return NAN;
    return number;
}

const char *dimension_text(const Dimension *dimension, double value, char buffer[DIMENSION_TEXT])
{
    if (dimension->choices != NULL)
        return dimension->choices[(size_t)value];
    if (dimension->integer)
        snprintf(buffer, DIMENSION_TEXT, "%.0f", value);
    else
        number_format(value, buffer);
    return buffer;
}
