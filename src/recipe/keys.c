/* The table of keys. A new setting is a row here; its value is read where it is used. */
#include <math.h>
#include <string.h>

#include "data/scaler.h"
#include "data/source.h"
#include "engine/engine.h"
#include "nn/activation.h"
#include "nn/initialize.h"
#include "nn/loss.h"
#include "recipe/recipe.h"
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

static const char *scale_choice(size_t index)
{
    return index <= SCALER_STANDARDIZE_ALL ? scaler_kind_name((ScalerKind)index) : NULL;
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

static const char *optimizer_choice(size_t index)
{
    return optimizer_at_f64(index) != NULL ? optimizer_at_f64(index)->name : NULL;
}

static const char *schedule_choice(size_t index)
{
    return schedule_at(index) != NULL ? schedule_at(index)->name : NULL;
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

/* What a layer, a batch or a class number may count to. */
#define LARGEST_SIZE 2147483648.0
#define LARGEST_CLASS 2147483647.0
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
    {"name", TEXT, .unset = "the dataset's name", .flag = "--name", .idle = true,
     .help = "what the run is called: runs/NAME-NNN"},
    {"seed", INTEGER(0, INFINITY), .fallback = "0", .flag = "--seed",
     .help = "of all random choices: split, initial weights, order of the examples"},
    {"stream", CHOICE(stream_choice), .fallback = "children",
     .help = "a stream for each use; or one for weights, then orders: default_rng(seed) or RandomState(seed) of NumPy"},
    {"threads", INTEGER(0, MOST_THREADS), .fallback = "0", .flag = "--threads", .idle = true,
     .help = "threads to work with, 0 for one per core; results do not depend on it"},
    {"engine", CHOICE(engine_choice), .fallback = "cpu", .flag = "--engine",
     .help = "what does the arithmetic: cpu is fast, reference is plain loops"},
    {"precision", CHOICE(precision_choice), .fallback = "float32", .flag = "--precision",
     .help = "of parameters and arithmetic; bfloat16: float32, but training multiplies rounded numbers"},
    {"tensorboard", TEXT, .unset = "none", .flag = "--tensorboard", .value = "DIR", .idle = true,
     .help = "folder for event files, which TensorBoard shows: DIR/RUN has figures, weights and gradients by epoch"},

    {"data.name", TEXT, .fallback = "fashion-mnist", .flag = "--data", .value = "NAME|FILE",
     .help = "a dataset that `percept data list` names, or a file"},
    {"data.directory", TEXT, .unset = "$PERCEPT_DATA, the user's data directory, /usr/share/datasets",
     .flag = "--data-dir", .value = "DIR", .idle = true, .help = "folder to look for datasets in first"},
    {"data.format", CHOICE(format_choice), .fallback = "auto", .flag = "--format",
     .help = "of a file; auto goes by its name, then by its first bytes"},
    {"data.header", CHOICE(header_kind_name), .fallback = "auto", .flag = "--header",
     .help = "a table's first line is names: yes, no, or by what it looks like"},
    {"data.delimiter", TEXT, .unset = "found out", .flag = "--delimiter",
     .help = "between the cells of a table: a character, tab, or space"},
    {"data.decimal", CHOICE(decimal_choice), .fallback = "point", .flag = "--decimal",
     .help = "numbers in a table are 1.5, or 1,5"},
    {"data.label", TEXT, .unset = "the column called label, class or target, else the last", .flag = "--label",
     .help = "column of the classes: a name, a number from 1, first, last, or none"},
    {"data.targets", TEXT, LIST, .unset = "none: classes are learned", .flag = "--targets",
     .help = "columns of numbers to learn instead of classes"},
    {"data.weight", TEXT, .unset = "1 for each", .help = "column of the examples' weights"},
    {"data.drop", TEXT, LIST, .unset = "none", .flag = "--drop", .help = "columns to leave out"},
    {"data.missing", CHOICE(missing_kind_name), .fallback = "refuse", .flag = "--missing",
     .help = "values missing in a table: refuse, or put 0 or the training part's mean in their place"},
    {"data.label_file", TEXT, .unset = "y beside x, labels beside features", .flag = "--label-file",
     .help = "file of the labels of a file that holds features alone, NPY or IDX"},
    {"data.examples", INTEGER(1, LARGEST_SIZE), .unset = "1,100 for circles, else 1,000",
     .help = "how many to draw of circles, moons, spirals or blobs"},
    {"data.noise", NUMBER_FROM(0), .unset = "the generator's own",
     .help = "deviation of what is added to the coordinates of circles, moons, spirals or blobs"},
    {"data.class_count", INTEGER(1, 1000), .unset = "2; 3 for blobs", .help = "how many spirals or blobs to draw"},
    {"data.seed", INTEGER(0, INFINITY), .fallback = "0", .help = "seed of circles, moons, spirals or blobs"},
    {"data.classes", INTEGER(0, LARGEST_CLASS), LIST, .unset = "all", .flag = "--classes",
     .help = "classes to keep, relabelled 0, 1, ... in this order"},
    {"data.positive", INTEGER(0, LARGEST_CLASS), LIST, .unset = "no relabelling",
     .help = "classes that become 1, all others 0"},
    {"data.per_class", INTEGER(0, INFINITY), .fallback = "0",
     .help = "examples of each class to keep, the first ones; 0 for all"},
    {"data.limit_test", BOOLEAN, .fallback = "true", .help = "data.per_class limits the test part too"},
    {"data.join", BOOLEAN, .fallback = "false", .help = "training and test part become one before the split"},
    {"data.shuffle", BOOLEAN, .unset = "true for the split that digits has by default, else false",
     .help = "permute the examples before the split"},
    {"data.split", NUMBER_FROM(0), LIST, .unset = "the dataset's own parts",
     .help = "sizes of training, validation and test part: fractions, or numbers of examples"},
    {"data.split_seed", INTEGER(0, INFINITY), .unset = "from seed", .help = "seed of the permutation before the split"},
    {"data.validation", NUMBER_FROM(0), .unset = "decided from the dataset", .flag = "--validation",
     .help = "examples for validation, from the end of the training part: a number, or a fraction below 1"},
    {"data.folds", INTEGER(0, LARGEST_SIZE), .fallback = "0", .flag = "--folds",
     .help = "cross-validation with so many folds of training and validation part, 0 for none"},
    {"data.fold", INTEGER(0, LARGEST_SIZE), .unset = "each in turn",
     .help = "the one fold that is for validation, from 0"},
    {"data.divisor", NUMBER_ABOVE(0), .unset = "255 for pictures of bytes, else 1",
     .help = "features are divided by this first"},
    {"data.scale", CHOICE(scale_choice), .unset = "standardize for tables, else none",
     .help = "make mean 0 and deviation 1, of each feature or of all together; fitted to data.scale_on"},
    {"data.scale_on", CHOICE(scale_on_choice), .fallback = "train",
     .help = "what the scaling is fitted to; with all, as in some notebooks, it knows something of the test part"},

    {"model.layers", INTEGER(1, LARGEST_SIZE), LIST, .dashes = true, .unset = "inputs-256-128-classes",
     .flag = "--layers", .help = "units of each layer, inputs first"},
    {"model.activation", CHOICE(activation_choice), LIST, .fallback = "relu", .flag = "--activation",
     .help = "of the hidden layers: one for all, or one each"},
    {"model.output", CHOICE(activation_choice), .unset = "softmax; sigmoid for one output; identity without classes",
     .help = "activation of the last layer"},
    {"model.loss", CHOICE(loss_choice), .unset = "the one that goes with model.output",
     .help = "what training makes small"},
    {"model.reduction", CHOICE(reduction_choice), .fallback = "mean",
     .help = "a batch's loss is the mean or the sum over its examples"},
    {"model.init", CHOICE(initializer_choice), LIST, .fallback = "he", .flag = "--init",
     .help = "initial weights: one rule for all layers, or one each; biases are 0"},
    {"model.init_scale", NUMBER_ABOVE(0), .fallback = "0.01",
     .help = "deviation or bound of the initial weights, for rules that need one"},
    {"model.init_by_input", BOOLEAN, .fallback = "false",
     .help = "draw a layer's weights as (inputs, outputs), not as (outputs, inputs)"},
    {"model.init_after", TEXT, LIST, .unset = "none",
     .help = "draws that earlier runs took from the weights' stream, such as uniform:2080 or normal:401408"},
    {"model.l1", NUMBER_FROM(0), LIST, .fallback = "0", .flag = "--l1",
     .help = "penalty on the sum of |weight|, per example: one for all layers, or one each"},
    {"model.l2", NUMBER_FROM(0), LIST, .fallback = "0", .flag = "--l2",
     .help = "penalty on the sum of weight squared, per example: one for all layers, or one each"},
    {"model.dropout", NUMBER_BELOW(0, 1), LIST, .fallback = "0", .flag = "--dropout",
     .help = "chance that a hidden unit is left out of a training step: one for all hidden layers, or one each"},

    {"train.optimizer", CHOICE(optimizer_choice), .fallback = "adam", .flag = "--optimizer",
     .help = "how a gradient becomes an update"},
    {"train.learning_rate", NUMBER_ABOVE(0), .unset = "decided from the optimizer", .flag = "--learning-rate",
     .help = "step size, before train.schedule and train.warmup change it"},
    {"train.momentum", NUMBER_BELOW(0, 1), .fallback = "0", .flag = "--momentum",
     .help = "part of the last update that is kept, for sgd and rmsprop"},
    {"train.nesterov", BOOLEAN, .fallback = "false", .help = "Nesterov's momentum, for sgd"},
    {"train.rho", NUMBER_BELOW(0, 1), .fallback = "0.9",
     .help = "decay of the running mean of squared gradients, for rmsprop"},
    {"train.beta1", NUMBER_BELOW(0, 1), .fallback = "0.9",
     .help = "decay of the running mean of gradients, for adam and adamw"},
    {"train.beta2", NUMBER_BELOW(0, 1), .fallback = "0.999",
     .help = "decay of the running mean of squared gradients, for adam and adamw"},
    {"train.epsilon", NUMBER_ABOVE(0), .fallback = "1e-8",
     .help = "added to the divisor of an update, for rmsprop, adam and adamw"},
    {"train.weight_decay", NUMBER_FROM(0), .fallback = "0", .flag = "--weight-decay",
     .help = "times the weight is added to its gradient (adamw: taken from the weight itself); biases are free"},
    {"train.clip_norm", NUMBER_FROM(0), .fallback = "0", .flag = "--clip-norm",
     .help = "most that the norm of the whole gradient may be, 0 for no limit"},
    {"train.ema", NUMBER_BELOW(0, 1), .fallback = "0", .flag = "--ema",
     .help = "decay of a running average of the parameters, which is validated and kept; 0 for none"},
    {"train.schedule", CHOICE(schedule_choice), .fallback = "constant", .flag = "--schedule",
     .help = "how the learning rate changes from step to step"},
    {"train.decay", NUMBER_FROM(0), .unset = "decided from the schedule", .flag = "--decay",
     .help = "factor or strength of the schedule; cosine: last rate / first; one-cycle: first rate / highest"},
    {"train.decay_every", INTEGER(1, INFINITY), .fallback = "10", .help = "epochs between two drops, for step"},
    {"train.decay_patience", INTEGER(0, INFINITY), .fallback = "10",
     .help = "epochs without a better one (train.monitor) that pass before a drop, for plateau"},
    {"train.rise", NUMBER_WITHIN(0, 1), .fallback = "0.3",
     .help = "part of the steps in which the rate rises, for one-cycle"},
    {"train.warmup", NUMBER_FROM(0), .fallback = "0", .flag = "--warmup",
     .help = "epochs (or a part of one) in which the rate rises from 0 to the schedule's"},
    {"train.warmup_steps", INTEGER(0, INFINITY), .fallback = "0", .help = "the same in steps"},
    {"train.label_smoothing", NUMBER_BELOW(0, 1), .fallback = "0", .flag = "--label-smoothing",
     .help = "part of each training target that is shared among all classes"},
    {"train.class_weights", NUMBER_FROM(0), LIST, .unset = "1 each",
     .help = "what the examples of each class weigh in training, beside their own weights"},
    {"train.balance_classes", BOOLEAN, .fallback = "false",
     .help = "class weights examples / (classes x examples of the class), so that all classes weigh the same"},
    {"train.epochs", INTEGER(1, INFINITY), .fallback = "20", .flag = "--epochs",
     .help = "passes over the training part"},
    {"train.batch_size", INTEGER(1, LARGEST_SIZE), .fallback = "128", .flag = "--batch-size",
     .help = "examples per update"},
    {"train.shuffle", BOOLEAN, .fallback = "true", .help = "a new order of the examples in each epoch"},
    {"train.reseed", BOOLEAN, .fallback = "false",
     .help = "the order of epoch e, from 0, is drawn from a new stream with seed e"},
    {"train.drop_last", BOOLEAN, .fallback = "false", .help = "leave out an epoch's last batch where it is smaller"},
    {"train.patience", INTEGER(0, INFINITY), .fallback = "0", .flag = "--patience",
     .help = "stop after this many epochs without a better one, 0 for never"},
    {"train.keep", CHOICE(keep_choice), .fallback = "best",
     .help = "the model ends with the parameters of the best epoch, or of the last"},
    {"train.monitor", CHOICE(monitor_choice), .fallback = "valid_accuracy",
     .help = "what decides which epoch is the best"},
    {"train.on_nonfinite", CHOICE(nonfinite_choice), .fallback = "stop",
     .help = "a loss that is infinite or not a number ends the training, or only stands in the figures"},
    {"train.checkpoint_every", INTEGER(0, INFINITY), .fallback = "0", .flag = "--checkpoint-every", .idle = true,
     .help = "steps between two checkpoints, 0 for one after every epoch"},

    {"metrics.when", CHOICE(moment_choice), .fallback = "during",
     .help = "figures are running means over an epoch's steps (training), or from before its first update or after its "
             "last"},
    {"metrics.loss", CHOICE(reduction_choice), .fallback = "mean",
     .help = "metrics.csv gives the mean loss, or its sum over the examples (loss_sum, valid_loss_sum, test_loss_sum)"},
    {"metrics.test", BOOLEAN, .fallback = "false",
     .help =
         "measure the test part in every epoch, as some notebooks do; it should be read once, when training is over"},
    {"metrics.whole_batches", BOOLEAN, .fallback = "false",
     .help = "measure as many examples of a part as fill whole batches, as train.drop_last does in training"},
    {"metrics.naive", BOOLEAN, .fallback = "false",
     .help = "add the mean of -log p from the outputs, infinite where p became 0, beside the stable loss"},
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
