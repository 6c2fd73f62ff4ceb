/* A new setting is a row here; its value is read where it is used. */
#include "recipe/keys.h"

#include <math.h>
#include <string.h>

#include "data/scaler.h"
#include "data/source.h"
#include "engine/engine.h"
#include "engine/kinds.h"
#include "nn/activation.h"
#include "nn/initialize.h"
#include "nn/loss.h"
#include "nn/network.h"
#include "nn/stage.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/train.h"

/* ---- Choices, from the tables of the rooms that offer them ------------------------------------------------------ */

/* Name `index` of an array, or NULL past its end. */
#define NAME_AT(names, index) ((index) < sizeof(names) / sizeof(names)[0] ? (names)[index] : NULL)

static const char *engine_choice(size_t index)
{
    size_t count = 0;
    const EngineKind *kinds = engine_kinds(&count);
    return index < count ? kinds[index].name : NULL;
}

static const char *stream_choice(size_t index)
{
    static const char *const names[] = {"children", "numpy", "numpy-legacy"};
    return NAME_AT(names, index);
}

static const char *precision_choice(size_t index)
{
    static const char *const names[] = {"float32", "float64", "bfloat16"};
    return NAME_AT(names, index);
}

static const char *format_choice(size_t index)
{
    size_t count = 0;
    const SourceFormat *formats = source_formats(&count);
    return index == 0 ? "auto" : index <= count ? formats[index - 1].name : NULL;
}

static const char *decimal_choice(size_t index)
{
    static const char *const names[] = {"point", "comma"};
    return NAME_AT(names, index);
}

static const char *order_choice(size_t index)
{
    static const char *const names[] = {"any", "time"};
    return NAME_AT(names, index);
}

static const char *scale_choice(size_t index)
{
    return index <= SCALER_STANDARDIZE_ALL ? scaler_kind_name((ScalerKind)index) : NULL;
}

static const char *target_scale_choice(size_t index)
{
    return index <= SCALER_STANDARDIZE ? scaler_kind_name((ScalerKind)index) : NULL;
}

static const char *scale_on_choice(size_t index)
{
    static const char *const names[] = {"train", "all"};
    return NAME_AT(names, index);
}

static const char *activation_choice(size_t index)
{
    return activation_at_f64(index) != NULL ? activation_at_f64(index)->name : NULL;
}

static const char *loss_choice(size_t index)
{
    return loss_at_f64(index) != NULL ? loss_at_f64(index)->name : NULL;
}

static const char *reduction_choice(size_t index)
{
    static const char *const names[] = {"mean", "sum"};
    return NAME_AT(names, index);
}

static const char *initializer_choice(size_t index)
{
    return initializer_at(index) != NULL ? initializer_at(index)->name : NULL;
}

static const char *normalize_choice(size_t index)
{
    if (index == 0)
        return "none";
    return stage_normalization_at(index - 1) != NULL ? stage_normalization_at(index - 1)->normalization : NULL;
}

static const char *embedding_choice(size_t index)
{
    static const char *const names[] = {"none", "piecewise-linear", "periodic"};
    return NAME_AT(names, index);
}

static const char *optimizer_choice(size_t index)
{
    return optimizer_at_f64(index) != NULL ? optimizer_at_f64(index)->name : NULL;
}

static const char *schedule_choice(size_t index)
{
    return schedule_at(index) != NULL ? schedule_at(index)->name : NULL;
}

static const char *clip_scope_choice(size_t index)
{
    static const char *const names[] = {[CLIP_NETWORK] = "network", [CLIP_ROLE] = "role", [CLIP_TENSOR] = "tensor"};
    return NAME_AT(names, index);
}

static const char *factor_choice(size_t index)
{
    return schedule_factor_at(index) != NULL ? schedule_factor_at(index)->name : NULL;
}

static const char *keep_choice(size_t index)
{
    static const char *const names[] = {"best", "last"};
    return NAME_AT(names, index);
}

static const char *nonfinite_choice(size_t index)
{
    static const char *const names[] = {"stop", "report"};
    return NAME_AT(names, index);
}

static const char *moment_choice(size_t index)
{
    static const char *const names[] = {
        [METRICS_DURING] = "during", [METRICS_BEFORE] = "before", [METRICS_AFTER] = "after"};
    return NAME_AT(names, index);
}

static const char *monitor_choice(size_t index)
{
    static const char *const names[] = {"valid_accuracy", "valid_loss"};
    return NAME_AT(names, index);
}

/* ---- The table -------------------------------------------------------------------------------------------------- */

/* What a layer or a batch may count to. */
#define LARGEST_SIZE 2147483648.0
#define MOST_THREADS 1024

#define TEXT .type = KEY_TEXT
#define BOOLEAN .type = KEY_BOOLEAN
#define CHOICE(function) .type = KEY_CHOICE, .choice = (function)
#define INTEGER(from, to) .type = KEY_INTEGER, .low = (from), .high = (to)
#define NUMBER_FROM(from) .type = KEY_NUMBER, .low = (from), .high = INFINITY
#define NUMBER_ABOVE(from) NUMBER_FROM(from), .above_low = true
#define NUMBER_BELOW(from, to) .type = KEY_NUMBER, .low = (from), .high = (to), .below_high = true
#define NUMBER_WITHIN(from, to) NUMBER_BELOW(from, to), .above_low = true
#define LIST .list = true

static const Key keys[] = {
    {"name", TEXT, .unset = "the dataset's name", .flag = "--name", .idle = true, .everyday = true,
     .help = "name of the run and of its folder, runs/NAME-NNN"},
    {"seed", INTEGER(0, INFINITY), .fallback = "0", .flag = "--seed", .everyday = true,
     .help = "seed of everything random: split, initial weights, order of the examples, dropout"},
    {"stream", CHOICE(stream_choice), .fallback = "children",
     .help = "random streams: one for each use, or NumPy's default_rng(seed) or RandomState(seed) for weights, then "
             "orders"},
    {"threads", INTEGER(0, MOST_THREADS), .fallback = "0", .flag = "--threads", .idle = true, .everyday = true,
     .help = "threads to compute with, 0 for one per core; results do not depend on the number"},
    {"engine", CHOICE(engine_choice), .fallback = "cpu", .flag = "--engine",
     .help = "code that does the arithmetic: cpu is fast, reference has plain loops to compare with"},
    {"precision", CHOICE(precision_choice), .fallback = "float32", .flag = "--precision",
     .help = "number format of parameters and arithmetic; bfloat16 rounds only what training multiplies"},
    {"tensorboard", TEXT, .unset = "none", .flag = "--tensorboard", .value = "DIR", .idle = true,
     .help = "folder for TensorBoard event files: metrics, weights and gradients of each epoch in DIR/RUN"},

    {"data.name", TEXT, .path = true, .fallback = "fashion-mnist", .flag = "--data", .value = "NAME|FILE",
     .everyday = true, .help = "a dataset listed by `percept data list`, or a file"},
    {"data.directory", TEXT, .path = true, .unset = "$PERCEPT_DATA, the user's data directory, /usr/share/datasets",
     .flag = "--data-dir", .value = "DIR", .idle = true, .help = "folder where datasets are looked for first"},
    {"data.format", CHOICE(format_choice), .fallback = "auto", .flag = "--format",
     .help = "file format; auto: by the file's name, then by its first bytes"},
    {"data.encoding", CHOICE(encoding_kind_name), .fallback = "utf-8", .flag = "--encoding",
     .help = "encoding of the text of a table: utf-8, or latin1 (ISO 8859-1)"},
    {"data.header", CHOICE(header_kind_name), .fallback = "auto", .flag = "--header",
     .help = "whether a table's first line holds column names; auto: detected"},
    {"data.delimiter", TEXT, .unset = "detected", .flag = "--delimiter",
     .help = "separator between the cells of a table: a character, tab, or space"},
    {"data.decimal", CHOICE(decimal_choice), .fallback = "point", .flag = "--decimal",
     .help = "decimal separator of a table: point for 1.5, comma for 1,5"},
    {"data.label", TEXT, .unset = "the column called label, class or target, else the last", .flag = "--label",
     .everyday = true,
     .help = "column with the classes, as written (01 is not 1): a name, a number from 1, first, last, none"},
    {"data.targets", TEXT, LIST, .unset = "none: classification", .flag = "--targets", .everyday = true,
     .help = "columns with numbers to predict (regression) instead of classes"},
    {"data.weight", TEXT, .unset = "every weight is 1", .help = "column with the weight of each example"},
    {"data.id", TEXT, LIST, .unset = "none", .flag = "--id",
     .help = "columns that identify rows: no features; percept predict copies them beside its predictions"},
    {"data.drop", TEXT, LIST, .unset = "none", .flag = "--drop", .everyday = true, .help = "columns to ignore"},
    {"data.categories", TEXT, LIST, .unset = "columns of texts that repeat: at most half of them are different",
     .flag = "--categories", .value = "COLUMN,...",
     .help = "columns that are categories, whatever they hold; numbers count as they are written"},
    {"data.missing", CHOICE(missing_kind_name), .fallback = "mean", .flag = "--missing", .everyday = true,
     .help = "what to do with missing values: replace them by the training set's mean or by 0, or refuse the file"},
    {"data.missing_label", CHOICE(unanswered_kind_name), .fallback = "refuse", .flag = "--missing-label",
     .help = "what to do with rows that have no label or target: refuse the file, or drop them"},
    {"data.missing_tokens", TEXT, LIST, .unset = "NA N/A <NA> #N/A NaN -nan null None ? . -",
     .flag = "--missing-tokens",
     .help = "texts that mark a missing value, in upper or lower case; an empty cell always does"},
    {"data.first_index", INTEGER(0, 1), .fallback = "1", .flag = "--first-index",
     .help = "index of the first feature in a LIBSVM file; scikit-learn's dump_svmlight_file writes 0 by default"},
    {"data.label_file", TEXT, .path = true, .unset = "found by name: y beside x, labels beside features",
     .flag = "--label-file", .help = "file with the labels, where an NPY or IDX file holds features only"},
    {"data.examples", INTEGER(1, LARGEST_SIZE), .unset = "1,100 for circles, else 1,000",
     .help = "number of examples to generate, for circles, moons, spirals and blobs"},
    {"data.noise", NUMBER_FROM(0), .unset = "depends on the generator",
     .help = "standard deviation of the noise added to generated points"},
    {"data.class_count", INTEGER(1, 1000), .unset = "2; 3 for blobs", .help = "number of spirals or blobs to generate"},
    {"data.seed", INTEGER(0, INFINITY), .fallback = "0", .help = "seed of the generated points"},
    {"data.classes", TEXT, LIST, .unset = "all", .flag = "--classes", .value = "NAME,...",
     .help = "names of classes to keep, as labels are written; label numbers where a named dataset has words for them"},
    {"data.positive", TEXT, LIST, .unset = "classes stay as they are",
     .help = "names of classes that become 1; all others become 0"},
    {"data.per_class", INTEGER(0, INFINITY), .fallback = "0",
     .help = "number of examples of each class to keep, the first ones; 0 for all"},
    {"data.limit_test", BOOLEAN, .fallback = "true", .help = "apply data.per_class to the test set as well"},
    {"data.join", BOOLEAN, .fallback = "false", .help = "join training and test set before the split"},
    {"data.shuffle", BOOLEAN, .unset = "true for files, digits and generated data; false for other datasets",
     .help = "shuffle the examples before the split; false: the last examples of a file are for testing"},
    {"data.group", TEXT, .unset = "none", .flag = "--group", .value = "COLUMN",
     .help = "column whose equal values stay in one set and one fold, such as a patient's; it is no feature"},
    {"data.order", CHOICE(order_choice), .fallback = "any",
     .help = "time: the last rows of a file are for testing and those before for validation, unshuffled"},
    {"data.time", TEXT, .unset = "none; data.order time then goes by the rows", .flag = "--time", .value = "COLUMN",
     .help = "column of numbers or dates (2024-05-31) by which data.order time sorts the rows; it is no feature"},
    {"data.stratify", BOOLEAN, .unset = "true for files, unless data.shuffle and a size are set; else false",
     .help = "give each set the same share of every class; a class's only example is for training"},
    {"data.split", NUMBER_FROM(0), LIST, .unset = "the sets that the dataset comes with, or data.validation and .test",
     .flag = "--split", .help = "sizes of training, validation and test set: fractions, or numbers of examples"},
    {"data.split_seed", INTEGER(0, INFINITY), .unset = "derived from seed",
     .help = "seed of the shuffle before the split"},
    {"data.validation", NUMBER_FROM(0), .unset = "16 % of a file; else chosen from the dataset", .flag = "--validation",
     .everyday = true,
     .help = "size of the validation set, for choosing the epoch: a number of examples, or a fraction below 1"},
    {"data.test", NUMBER_FROM(0), .unset = "20 % of a file; the test set that the dataset comes with", .flag = "--test",
     .everyday = true, .help = "size of the test set, measured once at the end: a number, or a fraction below 1"},
    {"data.validation_file", TEXT, .path = true, .unset = "none", .flag = "--validation-file", .value = "FILE",
     .help = "file that is the validation set; its columns and classes are found by name"},
    {"data.test_file", TEXT, .path = true, .unset = "none", .flag = "--test-file", .value = "FILE",
     .help = "file that is the test set; its columns and classes are found by name"},
    {"data.folds", INTEGER(0, LARGEST_SIZE), .fallback = "0", .flag = "--folds", .everyday = true,
     .help = "number of cross-validation folds made of training and validation set, 0 for none"},
    {"data.fold", INTEGER(0, LARGEST_SIZE), .unset = "all folds, one after the other",
     .help = "train on this fold only, counted from 0"},
    {"data.divisor", NUMBER_ABOVE(0), .unset = "255 for pictures of bytes, else 1",
     .help = "divide all features by this before scaling"},
    {"data.scale", CHOICE(scale_choice), .unset = "standardize for tables, else none",
     .help = "standardize to mean 0 and standard deviation 1: each feature, or all together"},
    {"data.scale_on", CHOICE(scale_on_choice), .fallback = "train",
     .help = "data that the scaling is fitted to; all, as in some notebooks, includes the test set"},
    {"data.target_scale", CHOICE(target_scale_choice),
     .unset = "standardize for targets, if model.output is identity and model.loss has a unit; else none",
     .help = "standardize each target for training; losses and predictions stay in the file's units"},

    {"model.layers", INTEGER(1, LARGEST_SIZE), LIST, .dashes = true, .unset = "inputs-256-128-classes",
     .flag = "--layers", .everyday = true, .help = "number of units in each layer, inputs first"},
    {"model.activation", CHOICE(activation_choice), LIST, .fallback = "relu", .flag = "--activation", .everyday = true,
     .help = "activation of each hidden layer, or one for all"},
    {"model.output", CHOICE(activation_choice), .unset = "softmax; sigmoid for one output; identity for regression",
     .help = "activation of the output layer"},
    {"model.loss", CHOICE(loss_choice), .unset = "the one that fits model.output",
     .help = "loss function that training minimizes"},
    {"model.reduction", CHOICE(reduction_choice), .fallback = "mean",
     .help = "loss of a batch: mean or sum over its examples"},
    {"model.init", CHOICE(initializer_choice), LIST, .fallback = "he", .flag = "--init",
     .help = "distribution of the initial weights: one for all layers, or one for each; biases start at 0"},
    {"model.init_scale", NUMBER_ABOVE(0), .fallback = "0.01",
     .help = "standard deviation (normal) or bound (uniform) of the initial weights"},
    {"model.init_by_input", BOOLEAN, .fallback = "false",
     .help = "draw the weights of a layer as an (inputs, outputs) array instead of (outputs, inputs)"},
    {"model.init_after", TEXT, LIST, .unset = "none",
     .help =
         "draws to skip first, which earlier runs took from the same stream, such as uniform:2080 or normal:401408"},
    {"model.l1", NUMBER_FROM(0), LIST, .fallback = "0", .flag = "--l1",
     .help = "L1 penalty, times the sum of |weight|, per example: one for all layers, or one for each"},
    {"model.l2", NUMBER_FROM(0), LIST, .fallback = "0", .flag = "--l2", .everyday = true,
     .help = "L2 penalty, times the sum of squared weights, per example: one for all layers, or one for each"},
    {"model.dropout", NUMBER_BELOW(0, 1), LIST, .fallback = "0", .flag = "--dropout", .everyday = true,
     .help = "probability that training drops a hidden unit: one for all hidden layers, or one for each"},

    {"model.one_hot", INTEGER(0, LARGEST_SIZE), .fallback = "9", .neutral = "9",
     .help = "a category of up to this many values becomes one-hot; a larger one gets a table of learned vectors"},
    {"model.table_size", INTEGER(1, 4096), .fallback = "8", .neutral = "8",
     .help = "numbers in the learned vector of each value of a large category"},
    {"model.embedding", CHOICE(embedding_choice), .fallback = "none", .neutral = "none", .flag = "--embedding",
     .help = "encoding of the columns that hold numbers, before the first layer"},
    {"model.embedding_size", INTEGER(0, 4096), .unset = "piecewise-linear: 0, one for each bin; periodic: 4",
     .help = "numbers that each column becomes by model.embedding"},
    {"model.embedding_bins", INTEGER(1, 4096), .fallback = "16", .neutral = "16",
     .help = "piecewise-linear: bins between quantiles of the training data; periodic: frequencies of each column"},
    {"model.normalize", CHOICE(normalize_choice), .fallback = "none", .neutral = "none", .flag = "--normalize",
     .help = "normalization of each hidden layer before its activation: over the batch, or over the layer's units"},
    {"model.residual", INTEGER(0, LARGEST_SIZE), .fallback = "0", .neutral = "0", .flag = "--residual",
     .help = "number of hidden layers that each residual link spans, 0 for none; the layers it joins have one size"},
    {"model.stages", TEXT, LIST, .unset = "none", .value = "KIND:SETTING=VALUE",
     .help = "layers of other kinds between each hidden layer and its activation, in this order"},
    {"model.input_stages", TEXT, LIST, .unset = "none", .value = "KIND:SETTING=VALUE",
     .help = "layers of other kinds before the first hidden layer, after those of categories and model.embedding"},

    {"model.members", INTEGER(1, NETWORK_MOST_MEMBERS), .fallback = "1", .neutral = "1", .flag = "--members",
     .help = "number of networks with weights of their own, trained side by side; they predict the mean"},

    {"train.optimizer", CHOICE(optimizer_choice), .fallback = "adam", .flag = "--optimizer", .everyday = true,
     .help = "optimization method"},
    {"train.learning_rate", NUMBER_ABOVE(0), .unset = "0.1 for sgd, 0.02 for muon, 1 for lbfgs, else 0.001",
     .flag = "--learning-rate", .everyday = true, .help = "learning rate, before schedule and warmup"},
    {"train.momentum", NUMBER_BELOW(0, 1), .unset = "0; 0.95 for muon", .neutral = "0", .flag = "--momentum",
     .help = "momentum, for sgd, rmsprop and muon"},
    {"train.nesterov", BOOLEAN, .unset = "false; true for muon", .neutral = "false",
     .help = "Nesterov momentum, for sgd and muon"},
    {"train.rho", NUMBER_BELOW(0, 1), .unset = "0.9", .neutral = "0.9",
     .help = "decay rate of the mean squared gradient, for rmsprop"},
    {"train.beta1", NUMBER_BELOW(0, 1), .unset = "0.9", .neutral = "0.9",
     .help = "decay rate of the mean gradient, for adam, adamw, amsgrad and muon"},
    {"train.beta2", NUMBER_BELOW(0, 1), .unset = "0.999; 0.95 for muon", .neutral = "0.999",
     .help = "decay rate of the mean squared gradient, for adam, adamw, amsgrad and muon"},
    {"train.epsilon", NUMBER_ABOVE(0), .unset = "1e-08", .neutral = "1e-08",
     .help = "added to the denominator of an update, for rmsprop, adam, adamw, amsgrad and muon"},
    {"train.adamw_rate", NUMBER_ABOVE(0), .fallback = "0.001",
     .help = "learning rate of what muon leaves to adamw: first and last layer, biases and stages"},
    {"train.history", INTEGER(1, 1000), .fallback = "10", .help = "number of past gradients that lbfgs remembers"},
    {"train.tolerance", NUMBER_FROM(0), .fallback = "1e-4",
     .help = "largest element of the gradient with which lbfgs stops"},
    {"train.max_evaluations", INTEGER(1, INFINITY), .fallback = "15000",
     .help = "number of evaluations of the loss after which lbfgs stops"},
    {"train.weight_decay", NUMBER_FROM(0), .fallback = "0", .flag = "--weight-decay", .everyday = true,
     .help = "weight decay, added to the gradient; adamw and muon subtract it from the weight; biases are free"},
    {"train.rate_factors", TEXT, LIST, .pairs = true, .unset = "1 for each role", .value = "ROLE:FACTOR,...",
     .help = "factors of the learning rate, such as bias:0.1; also weight, scale, shift, table, slope, embedding"},
    {"train.decay_factors", TEXT, LIST, .pairs = true, .unset = "1 for weight, table and embedding, else 0",
     .value = "ROLE:FACTOR,...", .help = "factors of train.weight_decay by the same roles, such as bias:1"},
    {"train.clip_norm", NUMBER_FROM(0), .fallback = "0", .flag = "--clip-norm",
     .help = "clip the norm of the gradient at this value, 0 for no limit"},
    {"train.clip_scope", CHOICE(clip_scope_choice), .fallback = "network",
     .help = "what train.clip_norm limits: the norm of the whole gradient, or of each role's or each tensor's part"},
    {"train.ema", NUMBER_BELOW(0, 1), .fallback = "0", .flag = "--ema",
     .help = "decay rate of the moving average of the parameters, which is then validated and kept; 0 for none"},
    {"train.schedule", CHOICE(schedule_choice), .fallback = "constant", .flag = "--schedule", .everyday = true,
     .help = "learning rate schedule"},
    {"train.decay", NUMBER_FROM(0), .unset = "depends on the schedule", .flag = "--decay",
     .help = "factor of the schedule; cosine: last rate / first rate; one-cycle: first rate / highest rate"},
    {"train.decay_schedule", CHOICE(factor_choice), .fallback = "constant",
     .help = "schedule of train.weight_decay; cosines end at 0"},
    {"train.dropout_schedule", CHOICE(factor_choice), .fallback = "constant",
     .help = "schedule of the probabilities of model.dropout; cosines end at 0"},
    {"train.decay_every", INTEGER(1, INFINITY), .fallback = "10",
     .help = "epochs between two drops of the learning rate, for step"},
    {"train.decay_patience", INTEGER(0, INFINITY), .fallback = "10",
     .help = "epochs without improvement (train.monitor) before the learning rate drops, for plateau"},
    {"train.rise", NUMBER_WITHIN(0, 1), .fallback = "0.3",
     .help = "fraction of the steps in which the learning rate rises, for one-cycle"},
    {"train.warmup", NUMBER_FROM(0), .fallback = "0", .flag = "--warmup",
     .help = "epochs in which the learning rate rises from 0 to that of the schedule; may be a fraction"},
    {"train.warmup_steps", INTEGER(0, INFINITY), .fallback = "0", .help = "the same as train.warmup, in steps"},
    {"train.label_smoothing", NUMBER_BELOW(0, 1), .fallback = "0", .flag = "--label-smoothing",
     .help = "label smoothing: fraction of each target spread over all classes; rows keep the weight of their class"},
    {"train.class_weights", NUMBER_FROM(0), LIST, .unset = "1 each",
     .help = "weight of the rows of each class; the loss is divided by the sum of the weights of its rows"},
    {"train.balance_classes", BOOLEAN, .fallback = "false",
     .help = "weight classes by examples / (number of classes × examples of the class)"},
    {"train.epochs", INTEGER(1, INFINITY), .fallback = "20", .flag = "--epochs", .everyday = true,
     .help = "passes over the training set"},
    {"train.batch_size", INTEGER(1, LARGEST_SIZE), .fallback = "128", .flag = "--batch-size", .everyday = true,
     .help = "examples per update"},
    {"train.shuffle", BOOLEAN, .fallback = "true", .help = "shuffle the examples in each epoch"},
    {"train.reseed", BOOLEAN, .fallback = "false",
     .help = "draw the order of epoch e, counted from 0, from a new stream with seed e"},
    {"train.drop_last", BOOLEAN, .fallback = "false",
     .help = "skip the last batch of an epoch if it is smaller than the others"},
    {"train.patience", INTEGER(0, INFINITY), .fallback = "0", .flag = "--patience", .everyday = true,
     .help = "early stopping: stop after this many epochs without improvement, 0 for never"},
    {"train.keep", CHOICE(keep_choice), .unset = "best; last without a validation set", .neutral = "best",
     .help = "parameters that the model ends with: those of the best epoch, or of the last"},
    {"train.monitor", CHOICE(monitor_choice), .neutral = "valid_accuracy",
     .unset = "valid_accuracy; valid_loss without classes, or with fewer than 100 validation examples",
     .help = "metric that decides which epoch is the best; of equal accuracies the lower loss decides"},
    {"train.on_nonfinite", CHOICE(nonfinite_choice), .fallback = "stop",
     .help = "if the loss becomes infinite or NaN: stop, or record it and continue"},
    {"train.checkpoint_every", INTEGER(0, INFINITY), .fallback = "0", .flag = "--checkpoint-every", .idle = true,
     .help = "steps between two checkpoints, 0 for one after each epoch"},

    {"metrics.when", CHOICE(moment_choice), .fallback = "during",
     .help = "training metrics: running means during the epoch, or measured before its first or after its last update"},
    {"metrics.loss", CHOICE(reduction_choice), .fallback = "mean",
     .help = "loss in metrics.csv: mean, or sum over the examples (loss_sum, valid_loss_sum, test_loss_sum)"},
    {"metrics.test", BOOLEAN, .fallback = "false",
     .help = "also measure the test set after each epoch, as some notebooks do; it decides nothing"},
    {"metrics.whole_batches", BOOLEAN, .fallback = "false",
     .help = "measure only as many examples of a set as fill whole batches"},
    {"metrics.naive", BOOLEAN, .fallback = "false",
     .help = "also record the mean of -log p, computed from the probabilities: infinite where p is 0"},
};

#define KEY_COUNT (sizeof keys / sizeof keys[0])

size_t recipe_key_count(void)
{
    return KEY_COUNT;
}

const Key *recipe_key_at(size_t index)
{
    return index < KEY_COUNT ? &keys[index] : NULL;
}

const Key *recipe_key_find(const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}
