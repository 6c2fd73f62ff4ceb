/* What a program on the board of board.c can do. */
#ifndef BENCH_FIRMWARE_BOARD_H
#define BENCH_FIRMWARE_BOARD_H

void board_print(const char *text);
void board_print_number(unsigned long number);

/* A clock of up to 2^24 ticks. */
void board_start_clock(void);
unsigned long board_clock(void);

/* Fills the free stack with a pattern; bytes below `from` that were used since. */
void board_paint_stack(void);
unsigned long board_stack_used(const void *from);

#endif
