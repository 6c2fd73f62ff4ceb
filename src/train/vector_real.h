/* Σ vᵢ² of elements begin … end-1, in float64 and a fixed order. */
double REAL(vector_square_sum)(size_t begin, size_t end, const void *vector);

/* Whether elements begin … end-1 are all finite. */
bool REAL(vector_is_finite)(size_t begin, size_t end, const void *vector);

/* v ← factor v;  v ← v + decay p */
void REAL(vector_scale)(size_t begin, size_t end, void *vector, double factor);
void REAL(vector_add)(size_t begin, size_t end, void *vector, const void *parameters, double decay);

/* a ← decay a + (1 - decay) p */
void REAL(vector_average)(size_t begin, size_t end, void *average, const void *parameters, double decay);
