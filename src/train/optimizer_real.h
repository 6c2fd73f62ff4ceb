typedef struct REAL(Optimizer) {
    const char *name;
    const char *formula;
    double learning_rate;      /* default */
    OptimizerOptions defaults; /* other defaults */
    bool decoupled;            /* weight decay is part of the update, not of the gradient */
    /* Slots that these options need; 0 means plain descent, p ← p - η g, which an engine may fold into its products. */
    size_t (*slots)(const OptimizerOptions *options);
    OptimizerApply *apply; /* NULL where steps are made in another way (whole.h) */
} REAL(Optimizer);

/* Row `index` of the table, or NULL past its end. */
const REAL(Optimizer) * REAL(optimizer_at)(size_t index);
