/* The engine in one precision; config->precision is not looked at. Besides float and double there is complex double,
 * whose parameters, gradient and outputs are complex arrays. */
percept_status REAL(reference_create)(const EngineConfig *config, Engine **out, percept_error *error);

/* The batch's loss with penalty, whose gradient engine_gradient gives: weighted mean (or sum, network->sum) over the
 * examples of the loss, plus penalty (times the weights' sum, where summed); with dropout, class weights and smoothed
 * labels as there. The engine must be one of reference_create for training. */
real REAL(reference_loss)(Engine *engine, const real *parameters, const Batch *batch);

/* The same where number `feature` of the scaled features (examples × network_inputs) is moved. */
real REAL(reference_loss_moved)(Engine *engine, const real *parameters, const Batch *batch, size_t feature, real move);

/* The same where only parameters of side l have changed since a pass over the batch: those of its stages, and of layer
 * l - 1 those of output `unit` (SIZE_MAX: none). What lies before the side is taken as the pass left it. The input of the
 * side is then as before, so that other calls for sides up to l may follow; those behind it are changed. */
real REAL(reference_loss_from)(Engine *engine, const real *parameters, const Batch *batch, size_t l, size_t unit);

/* What is left of a layer by the last forward pass, an example a row: what it reads (n × inputs), and its units before and
 * after the activation (n × units). */
typedef struct REAL(ReferenceLayer) {
    const real *X, *Z, *A;
} REAL(ReferenceLayer);

REAL(ReferenceLayer) REAL(reference_layer)(const Engine *engine, size_t l);

/* The run of stage `s` in that pass, with its input. */
const REAL(StageRun) * REAL(reference_stage)(const Engine *engine, size_t s);

/* An engine for training that has made a pass over the batch; released with engine_free. */
percept_status REAL(reference_pass)(const Network *network, const real *parameters, const Batch *batch, Engine **out,
                                    percept_error *error);
