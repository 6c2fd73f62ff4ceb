/* The engine in one precision; config->precision is not looked at. Besides float and double there is complex double,
 * whose parameters, gradient and outputs are complex arrays. */
percept_status REAL(reference_create)(const EngineConfig *config, Engine **out, percept_error *error);

/* The batch's loss with penalty, whose gradient engine_gradient gives: weighted mean (or sum, network->sum) over the
 * examples of the loss, plus penalty (times the weights' sum, where summed); with dropout, class weights and smoothed
 * labels as there. The engine must be one of reference_create for training. */
real REAL(reference_loss)(Engine *engine, const real *parameters, const Batch *batch);
