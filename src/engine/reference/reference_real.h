/* The engine in one precision; config->precision is not looked at. Besides float and double there is complex double,
 * whose parameters, gradient and outputs are complex arrays. */
percept_status REAL(reference_create)(const EngineConfig *config, Engine **out, percept_error *error);

/* The batch's loss with penalty, whose gradient engine_gradient gives: mean (or sum, network->sum) over the examples of
 * the loss, plus penalty (times the examples, where summed). The engine must be one of reference_create. */
real REAL(reference_loss)(Engine *engine, const real *parameters, const Batch *batch);
