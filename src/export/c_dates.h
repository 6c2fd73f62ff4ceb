/* The columns of dates in exported C: functions that compute the features of a date. */
#ifndef EXPORT_C_DATES_H
#define EXPORT_C_DATES_H

#include "export/c_source.h"

/* True if features are parts of dates. */
bool c_dates_any(const CSource *source);

/* The declarations of PREFIX_date and PREFIX_epoch, and what they are; and their table with the functions. Nothing without
 * dates. */
void c_dates_declare(const CSource *source, CText *out);
void c_dates_write(CSource *source, CText *out);

#endif
