/* Predicts rows on a board and prints their classes, then how much stack a prediction takes, and how many
 * instructions. The command
 * line defines MODEL, a header; PREDICT, its function of a row; and ROWS, a header with `rows` and their number ROW_COUNT. */
#include "board.h"

#include MODEL
#include ROWS

#define REPEATS 20
#define LOOP 100000ul /* that calibrates the clock */

/* Not inlined, so that its stack is that of a call. */
__attribute__((noinline)) static int predict(const float *row)
{
    return (int)PREDICT(row);
}

__attribute__((noinline)) static unsigned long ticks_of(int repeats)
{
    volatile int sum = 0;
    board_start_clock();
    const unsigned long begin = board_clock();
    for (int r = 0; r < repeats; r++)
        sum += predict(rows[r % ROW_COUNT]);
    return board_clock() - begin;
}

/* Ticks of 2 · count instructions. */
__attribute__((noinline)) static unsigned long ticks_of_loop(unsigned long count)
{
    board_start_clock();
    const unsigned long begin = board_clock();
    __asm__ volatile(".syntax unified\n1:\tsubs %0, #1\n\tbne 1b" : "+l"(count) : : "cc");
    return board_clock() - begin;
}

int main(void)
{
    int here = 0;
    board_print("classes");
    for (int i = 0; i < ROW_COUNT; i++) {
        board_print(" ");
        board_print_number((unsigned long)predict(rows[i]));
    }
    board_paint_stack();
    (void)predict(rows[0]);
    board_print("\nstack ");
    board_print_number(board_stack_used(&here));
    const unsigned long loop = ticks_of_loop(LOOP), ticks = ticks_of(REPEATS);
    board_print("\ninstructions ");
    board_print_number((unsigned long)((unsigned long long)ticks * 2 * LOOP / REPEATS / loop));
    board_print("\n");
    return 0;
}
