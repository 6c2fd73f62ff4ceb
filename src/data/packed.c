#include "data/packed.h"

#include <math.h>

#include "base/memory.h"

/* Rows of 64 bytes lie in one cache line, those of 63 in two. */
#define ROW_MULTIPLE 4

percept_status packing_create(size_t width, Packing *out, percept_error *error)
{
    Packing made = {0};
    percept_status status =
        memory_allocate(width, sizeof *made.columns + sizeof *made.powers, "the columns", &made.columns, error);
    if (status != PERCEPT_OK)
        return status;
    made.powers = (double *)(void *)(made.columns + width);
    for (size_t j = 0; j < width; j++)
        made.columns[j] = (PackedColumn){.bytes = true, .floats = true, .power = 1, .absent = NAN};
    packing_arrange(&made, width);
    *out = made;
    return PERCEPT_OK;
}

void packing_clear(Packing *packing)
{
    memory_free(packing->columns);
    *packing = (Packing){0};
}

size_t packed_size(PackedForm form)
{
    static const size_t sizes[] = {[PACKED_BYTE] = sizeof(uint8_t),
                                   [PACKED_SHORT] = sizeof(uint16_t),
                                   [PACKED_DECIMAL] = sizeof(int32_t),
                                   [PACKED_FLOAT] = sizeof(float),
                                   [PACKED_DOUBLE] = sizeof(double)};
    return sizes[form];
}

void packing_arrange(Packing *packing, size_t width)
{
    size_t offset = 0;
    for (size_t j = 0; j < width; j++) {
        packing->columns[j].offset = offset;
        offset += packed_size(packing->columns[j].form);
        packing->powers[j] = packing->columns[j].power;
    }
    packing->row_size = (offset + ROW_MULTIPLE - 1) / ROW_MULTIPLE * ROW_MULTIPLE;
    for (size_t j = width, run = 0; j-- > 0; packing->columns[j].run = run)
        run = packing->columns[j].form == PACKED_DECIMAL ? run + 1 : 0;
}

/* ---- Writing --------------------------------------------------------------------------------------------------- */

/* An integer from 0 to most, or `absent` for NaN; -1 for all else. */
static int32_t small_integer(double value, int32_t most, int32_t absent)
{
    if (isnan(value))
        return absent;
    if (!(value >= 0 && value <= most) || signbit(value))
        return -1;
    const int32_t integer = (int32_t)value;
    return (double)integer == value ? integer : -1;
}

static bool write_decimal(double value, double power, void *at)
{
    const double scaled = value * power;
    int32_t decimal = PACKED_DECIMAL_ABSENT;
    if (fabs(scaled) <= PACKED_DECIMAL_MOST) {
        decimal = (int32_t)(scaled + (scaled < 0 ? -0.5 : 0.5));
        if (decimal / power != value)
            return false;
        if (decimal == 0 && signbit(value))
            decimal = PACKED_DECIMAL_MINUS;
    } else if (!isnan(value)) {
        return false;
    }
    memcpy(at, &decimal, sizeof decimal);
    return true;
}

bool packed_write(const PackedColumn *column, double value, void *row)
{
    char *at = (char *)row + column->offset;
    int32_t integer = 0;
    switch (column->form) {
    case PACKED_BYTE:
        integer = small_integer(value, PACKED_BYTE_ABSENT - 1, PACKED_BYTE_ABSENT);
        if (integer >= 0)
            *(uint8_t *)at = (uint8_t)integer;
        return integer >= 0;
    case PACKED_SHORT:
        integer = small_integer(value, PACKED_SHORT_ABSENT - 1, PACKED_SHORT_ABSENT);
        const uint16_t two = (uint16_t)integer;
        if (integer >= 0)
            memcpy(at, &two, sizeof two);
        return integer >= 0;
    case PACKED_DECIMAL:
        return write_decimal(value, column->power, at);
    case PACKED_FLOAT:
        memcpy(at, &(float){(float)value}, sizeof(float));
        return true;
    default:
        memcpy(at, &value, sizeof value);
        return true;
    }
}

/* A loop that the compiler can turn into vectors; where some are no usual decimals, all are then looked at one by one. */
bool packed_write_decimals(const Packing *packing, size_t first, size_t count, const double *restrict values, void *row)
{
    const double *restrict powers = packing->powers + first;
    char *restrict at = (char *)row + packing->columns[first].offset;
    int32_t usual = 1;
    for (size_t j = 0; j < count; j++) {
        const double scaled = values[j] * powers[j];
        const bool small = fabs(scaled) <= PACKED_DECIMAL_MOST;
        const int32_t decimal = (int32_t)(small ? scaled + (scaled < 0 ? -0.5 : 0.5) : 0);
        usual &= small & (decimal != 0) & (decimal / powers[j] == values[j]);
        memcpy(at + j * sizeof decimal, &decimal, sizeof decimal);
    }
    for (size_t j = 0; usual == 0 && j < count; j++)
        if (!write_decimal(values[j], powers[j], at + j * sizeof(int32_t)))
            return false;
    return true;
}
