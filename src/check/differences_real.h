/* Differences of the batch's loss with penalty (the one that REAL(reference_loss) computes).
 *
 * Of a network of dense layers alone they are taken by a probe (probe.h). A weight acts on an example only through ε
 * times its input: inputs with equal values give equal results, computed once; with an input of 0 nothing changes.
 * Differences are taken of each example's loss before they are summed, in the order
 * of the examples, which loses less to rounding; and every unit is one thread's work, so that results do not depend on
 * the number of threads. Of a network with stages they are taken as differences_anew does.
 *
 * Where |w| of an L1 penalty has its kink, at w = 0, the complex step takes it as flat, as the engines do.
 * *loss (may be NULL) receives the unchanged loss with penalty. */
percept_status REAL(differences)(const Differences *differences, double *loss, percept_error *error);

/* The same for a network with members (nn/members.h), whose parameters have the gradient of their member's loss, and the
 * features that of the mean over the members; *loss is this mean. */
percept_status REAL(differences_members)(const Differences *differences, double *loss, percept_error *error);

/* The same for any network with one member: for each number that is changed, the reference engine computes the whole loss
 * anew, from the number's side on. Batch norm takes the statistics of the batch, as in training. Every number is one
 * thread's work; a thread has an engine of its own. */
percept_status REAL(differences_anew)(const Differences *differences, double *loss, percept_error *error);
