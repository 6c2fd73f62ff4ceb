/* The start of a program on a Cortex-M of QEMU, and its measurements: instructions by SysTick, where QEMU's -icount lets one
 * instruction take one nanosecond, and stack by a pattern that calls overwrite. */
#include "board.h"

#include <stdint.h>

extern uint32_t data_load[], data_begin[], data_end[], bss_begin[], bss_end[], stack_top[];
int main(void);
void reset(void);

/* ---- Semihosting: the host prints for the board, and ends it ---- */

static int host(int operation, const void *argument)
{
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void board_print(const char *text)
{
    host(0x04, text); /* SYS_WRITE0 */
}

void board_print_number(unsigned long number)
{
    char digits[12];
    char *at = digits + sizeof digits - 1;
    *at = '\0';
    do
        *--at = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    board_print(at);
}

static void end(int good)
{
    host(0x18, (const void *)(uintptr_t)(good ? 0x20026 : 0x20023)); /* SYS_EXIT: ADP_Stopped_… */
    for (;;)
        ;
}

static void fault(void)
{
    board_print("a fault of the processor\n");
    end(0);
}

/* ---- SysTick ---- */

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018)
#define SYSTICK_MOST 0xFFFFFFu

void board_start_clock(void)
{
    SYSTICK_RELOAD = SYSTICK_MOST;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 5; /* enabled, by the clock of the processor, without an interrupt */
    while (SYSTICK_VALUE == 0)
        ;
}

unsigned long board_clock(void)
{
    return SYSTICK_MOST - SYSTICK_VALUE;
}

/* ---- Stack ---- */

#define PATTERN 0xA5C3F00Du

static uint32_t *here(void)
{
    uint32_t *sp;
    __asm__ volatile("mov %0, sp" : "=r"(sp));
    return sp;
}

void board_paint_stack(void)
{
    for (uint32_t *at = bss_end; at < here() - 16; at++)
        *at = PATTERN;
}

unsigned long board_stack_used(const void *from)
{
    const uint32_t *at = bss_end;
    while (*at == PATTERN)
        at++;
    return (unsigned long)((const char *)from - (const char *)at);
}

/* ---- Reset ---- */

void reset(void)
{
    for (uint32_t *to = data_begin, *from = data_load; to < data_end;)
        *to++ = *from++;
    for (uint32_t *to = bss_begin; to < bss_end;)
        *to++ = 0;
#if defined __ARM_FP
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* CPACR: the floating-point unit */
    __asm__ volatile("dsb\n\tisb");
#endif
    end(main() == 0);
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    stack_top,           (const void *)reset, (const void *)fault, (const void *)fault,
    (const void *)fault, (const void *)fault, (const void *)fault};
