/* One call of the CBLAS library at a time.
 *
 * A serial OpenBLAS, as distributions build it (without USE_LOCKING), keeps its work space in a table that nothing
 * guards: two threads at once corrupt each other's products. So the calls of all engines are serialized here.
 * Instruction sets with our own kernels do not need this; this one is for comparison. */
#ifndef ENGINE_CPU_CBLAS_GATE_H
#define ENGINE_CPU_CBLAS_GATE_H

void cblas_gate_enter(void);
void cblas_gate_leave(void);

#endif
