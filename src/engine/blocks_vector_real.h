/* to ← to + from, elements begin … end-1, as are those of all functions here. */
void REAL(blocks_vector_add)(size_t begin, size_t end, void *to, const void *from);

/* g ← factor g */
void REAL(blocks_vector_scale)(size_t begin, size_t end, void *gradient, double factor);

/* g ← g + l1 · sign W + l2 · W, with sign 0 = 0 */
void REAL(blocks_vector_penalize)(size_t begin, size_t end, void *gradient, const void *parameters, double l1,
                                  double l2);

/* p ← p - rate · g */
void REAL(blocks_vector_descend)(size_t begin, size_t end, void *parameters, const void *gradient, double rate);

/* l1 · Σ|W| + l2 · ΣW², in float64 and a fixed order */
double REAL(blocks_vector_penalty)(size_t begin, size_t end, const void *parameters, double l1, double l2);
