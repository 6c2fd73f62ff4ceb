/* Numbers in a form for readers. */
#ifndef BASE_NUMBER_TEXT_H
#define BASE_NUMBER_TEXT_H

#include <stddef.h>

/* Room for any number that the functions below write. */
typedef struct TextNumber {
    char text[48];
} TextNumber;

/* A count with its thousands set off: "60,000". */
TextNumber text_count(size_t count);

/* A loss with four decimals, or four significant digits where those would hide it: "0.3012", "1.2e-05". */
TextNumber text_loss(double loss);

/* A fraction in percent: "89.41 %". */
TextNumber text_percent(double fraction);

/* A time in whole seconds: "0:07", "1:02:03". */
TextNumber text_duration(double seconds);

#endif
