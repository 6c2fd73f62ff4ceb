typedef struct REAL(Optimizer) {
    const char *name;
    const char *formula;
    double learning_rate;      /* default */
    OptimizerOptions defaults; /* other defaults */
    bool decoupled;            /* weight decay is part of the update, not of the gradient */
    /* Slots that these options need; 0 means plain descent, p ← p - η g, which an engine may fold into its products. */
    size_t (*slots)(const OptimizerOptions *options);
    /* EngineUpdate.apply with state = OptimizerState; NULL where steps are made in another way (whole.h). */
    void (*apply)(void *state, size_t begin, size_t end, void *parameters, const void *gradient);
} REAL(Optimizer);

/* Row `index` of the table, or NULL past its end. */
const REAL(Optimizer) * REAL(optimizer_at)(size_t index);
