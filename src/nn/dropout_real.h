/* A piece of the mask of layer l, p multiplied with the factor: 0 or 1/(1 - p) for units first_unit … of examples first … of
 * the batch; mask (examples × units), rows `stride` elements apart. */
void REAL(dropout_mask)(const Network *network, size_t l, const RandomStream *stream, double factor, size_t first,
                        size_t examples, size_t first_unit, size_t units, real *mask, size_t stride);
