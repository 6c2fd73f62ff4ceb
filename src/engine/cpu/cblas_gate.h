/* One call of the CBLAS library at a time.
 *
 * A serial OpenBLAS, as distributions build it (without USE_LOCKING), keeps its work space in a table that nothing
 * guards: two threads in it at once spoil each other's products. So the calls of all engines pass through one gate. The
 * rows with kernels of their own need none; this one is there to compare with. */
#ifndef ENGINE_CPU_CBLAS_GATE_H
#define ENGINE_CPU_CBLAS_GATE_H

void cblas_gate_enter(void);
void cblas_gate_leave(void);

#endif
