/* What exists keeps its bits: models trained by recipes that say all that matters to them have the parameters that they had
 * when this table was made, in every instruction set of x86-64 and for 1 to 3 threads.
 *
 * The checksums hold for gcc, which decides where the kernels' products and sums are contracted, and for a C library whose
 * exp, tanh, … round as those did that they were made with (glibc 2.36 on a processor with FMA): where either is another
 * one, the test is skipped. Who changes bits on purpose puts what the test prints in place of the table, and says in the
 * commit which recipes changed and why. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/isa.h"
#include "base/memory.h"
#include "base/random.h"
#include "data/dataset.h"
#include "model/model.h"
#include "recipe/recipe.h"
#include "skip.h"

#if defined __SANITIZE_ADDRESS__
#define THREADS 1 /* which is slow enough */
#else
#define THREADS 3
#endif
/* Columns of the table. Some rows have two checksums on avx2: gcc -O2 and -O3 contract other products where
 * bytes are divided (data/scale_bytes.h). */
enum { PLAIN, AVX2, AVX512, KERNELS, AVX2_AT_O2 = KERNELS, SUMS };
#define EXAMPLES 230

/* What every recipe states, so that changes of defaults do not move it; its own settings come after these. */
static const char common[] =
    "seed=7 stream=children engine=cpu precision=float32 data.divisor=1 data.scale=none data.scale_on=train "
    "data.target_scale=none model.activation=relu model.reduction=mean model.init=he model.l1=0 model.l2=0 "
    "model.dropout=0 train.optimizer=sgd train.learning_rate=0.05 train.momentum=0 train.nesterov=false train.rho=0.9 "
    "train.beta1=0.9 train.beta2=0.999 train.epsilon=1e-8 train.weight_decay=0 train.clip_norm=0 train.ema=0 "
    "train.schedule=constant train.decay=1 train.warmup=0 train.warmup_steps=0 train.label_smoothing=0 "
    "train.balance_classes=false train.epochs=2 train.batch_size=32 train.shuffle=true train.reseed=false "
    "train.drop_last=false train.patience=0 train.keep=last train.monitor=valid_loss train.on_nonfinite=stop "
    "metrics.when=during metrics.test=false metrics.whole_batches=false metrics.naive=false";

typedef enum Kind { REALS, BYTES } Kind;

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): members in the order in which rows are read */
typedef struct Row {
    const char *name, *settings;
    Kind kind;       /* of the features */
    size_t classes;  /* 0: regression of as many targets as the last layer has outputs */
    bool weighted;   /* examples have weights, some of them 0 */
    size_t predicts; /* examples whose predictions are summed up as well */
    uint64_t sums[SUMS];
} Row;

#define SMALL "model.layers=13-20-9-4 model.output=softmax model.loss=cross-entropy "
#define LARGE "model.layers=90-160-70-10 model.output=softmax model.loss=cross-entropy train.batch_size=100 "
#define ONE "model.layers=13-20-1 model.output=sigmoid model.loss=binary-cross-entropy "
#define TARGETS "model.layers=13-24-3 model.output=identity train.learning_rate=0.02 "
#define LARGE_TARGETS "model.layers=90-160-70-3 model.output=identity train.batch_size=100 train.learning_rate=0.01 "

static const Row table[] = {
    {"plain descent, small", SMALL, REALS, 4, false, 20, {0x0ba564339478c4cf, 0xcc22af910820a1da, 0xcc22af910820a1da}},
    {"plain descent, large", LARGE, REALS, 10, false, 60, {0x76072cf7ab199894, 0xe86a770d1fd16fed, 0x69def143750813e6}},
    {"bytes, small",
     SMALL "data.divisor=255",
     BYTES,
     4,
     false,
     0,
     {0x959907abae21c9ed, 0x12f5c1ad547cf3b7, 0x12f5c1ad547cf3b7}},
    {"bytes, large",
     LARGE "data.divisor=255",
     BYTES,
     10,
     false,
     3,
     {0x8be35f233db8acf2, 0xf78983d2008849a7, 0x992d814423a18091, 0xd4ae4f74db9c98d7}},
    {"bytes standardized, small",
     SMALL "data.divisor=255 data.scale=standardize",
     BYTES,
     4,
     false,
     4,
     {0x1d364a1dbdba3542, 0x3f9d13637101443a, 0x155e2f67ef0232d0}},
    {"bytes standardized, large",
     LARGE "data.divisor=255 data.scale=standardize",
     BYTES,
     10,
     false,
     40,
     {0x9406f6996732f8b6, 0x447367395632d7a4, 0xaf504ab9609ca1c8, 0x0c5e1d71e5c5ed8e}},
    {"standardized",
     SMALL "data.scale=standardize",
     REALS,
     4,
     false,
     1,
     {0xf946c0942602d4c5, 0xdcdeb1c501572a79, 0x2cc356b7852c2514}},
    {"all standardized alike, large",
     LARGE "data.scale=standardize-all",
     REALS,
     10,
     false,
     0,
     {0x4135179a3647faf7, 0x6b5e9155c831e75f, 0x95fbbad9b53288e9}},
    {"momentum",
     SMALL "train.momentum=0.9",
     REALS,
     4,
     false,
     0,
     {0xcf2eb0036609e76a, 0x8aedf9d4f7162b23, 0x8aedf9d4f7162b23}},
    {"Nesterov, large",
     LARGE "train.momentum=0.9 train.nesterov=true",
     REALS,
     10,
     false,
     0,
     {0xf54cfa14ffa29846, 0xece4e346097dc0ae, 0x1dca774c14893146}},
    {"rmsprop",
     SMALL "train.optimizer=rmsprop train.learning_rate=0.002 train.momentum=0.5",
     REALS,
     4,
     false,
     0,
     {0xefa7b0a6ad8c115d, 0x0edce32af580cf15, 0x0edce32af580cf15}},
    {"adam, small",
     SMALL "train.optimizer=adam train.learning_rate=0.01 train.schedule=cosine",
     REALS,
     4,
     false,
     0,
     {0xd79e95827cf1f946, 0x733a849d253fc5af, 0x733a849d253fc5af}},
    {"adam, large",
     LARGE "train.optimizer=adam train.learning_rate=0.002 train.clip_norm=1",
     REALS,
     10,
     false,
     0,
     {0x08121e1ec834e339, 0x6252846d5d550b31, 0xa7033858b509c120}},
    {"adamw",
     LARGE "train.optimizer=adamw train.learning_rate=0.002 train.weight_decay=0.1",
     REALS,
     10,
     false,
     0,
     {0x65d19165d6cd070c, 0x164abf2242663d20, 0xf0ca0437ea153273}},
    {"weight decay and penalties, small",
     SMALL "model.l1=0.001 model.l2=0.002 train.weight_decay=0.01",
     REALS,
     4,
     false,
     0,
     {0xe5a45eeac1bc4cc1, 0xb93153a35a513f38, 0xb93153a35a513f38}},
    {"penalties, large, sum",
     LARGE "model.l1=0.001 model.l2=0.002 model.reduction=sum train.learning_rate=0.0005",
     REALS,
     10,
     false,
     0,
     {0x46eb84d4233f290e, 0x4841db2738aceac4, 0x3ddf04a536eb0626}},
    {"dropout, small",
     SMALL "model.dropout=0.3 model.activation=tanh",
     REALS,
     4,
     false,
     0,
     {0xabff90dd68b57c86, 0x7fb8f582b940f625, 0x7fb8f582b940f625}},
    {"dropout and smoothed labels, large",
     LARGE "model.dropout=0.3 train.label_smoothing=0.1",
     REALS,
     10,
     false,
     0,
     {0xde6b725f6ced3eef, 0x70959c0687101988, 0x8d5766e4b76dd75d}},
    {"smoothed labels and class weights, small",
     SMALL "train.label_smoothing=0.2 train.class_weights=1,2,0.5,3",
     REALS,
     4,
     false,
     0,
     {0x29479c51dcf9059a, 0x4377b36c059bf5d1, 0x4377b36c059bf5d1}},
    {"balanced classes, large",
     LARGE "train.balance_classes=true",
     REALS,
     10,
     false,
     0,
     {0x6a90b7c38dfd0b1e, 0xf69b438a57102c6c, 0x5afee67b5c46a15e}},
    {"weights, small",
     SMALL "train.batch_size=50",
     REALS,
     4,
     true,
     0,
     {0x3903fd8739cb7ed5, 0x4667319eeca48f59, 0x4667319eeca48f59}},
    {"weights, large",
     LARGE "train.class_weights=1,2,0.5,3,1,1,0,1,2,1",
     REALS,
     10,
     true,
     0,
     {0xf0685681e5d17a20, 0x31a6b135eb214440, 0x7f1224af6f755747}},
    {"sigmoid with one output",
     ONE "model.activation=sigmoid model.init=glorot",
     REALS,
     2,
     false,
     7,
     {0xcb8e5e780bc1e255, 0x4a06d3724c61eac3, 0x7188d848b66ebdf5}},
    {"sigmoid with one output, smoothed",
     ONE "train.label_smoothing=0.1",
     REALS,
     2,
     true,
     0,
     {0x5b0778ee7ee8bb87, 0xc1b383dd644c6159, 0xfb448ec5d9cb4d7a}},
    {"sigmoid with four outputs",
     SMALL "model.output=sigmoid model.loss=binary-cross-entropy",
     REALS,
     4,
     false,
     3,
     {0x034ca868848d2813, 0xef4ae4adab0fb8ee, 0xbb486b966d66d901}},
    {"squared error of classes",
     LARGE "model.output=softmax model.loss=mean-squared-error",
     REALS,
     10,
     false,
     0,
     {0x639704d137179710, 0xaf350d92d88f8ac5, 0x7a7e24b173301e75}},
    {"squared error, small",
     TARGETS "model.loss=mean-squared-error",
     REALS,
     0,
     false,
     5,
     {0xf43fdc18dc940945, 0x2b2da831700b9308, 0x325ee3aef6bb541b}},
    {"squared error, large",
     LARGE_TARGETS "model.loss=mean-squared-error model.activation=gelu",
     REALS,
     0,
     true,
     0,
     {0x0b9eedfb8ee91957, 0x5abc190535d460e5, 0x80292f845de7c1e1}},
    {"absolute error, small",
     TARGETS "model.loss=mean-absolute-error model.activation=elu",
     REALS,
     0,
     true,
     0,
     {0x027bcb17e4223fd6, 0x4fc843f9148ec5c7, 0x4fc843f9148ec5c7}},
    {"absolute error, large",
     LARGE_TARGETS "model.loss=mean-absolute-error",
     REALS,
     0,
     false,
     0,
     {0x004790c0d6901bc2, 0x94fb64746d4d7831, 0xf4f2fb8e9a02e91a}},
    {"Huber's loss, small",
     TARGETS "model.loss=huber model.activation=softplus",
     REALS,
     0,
     false,
     0,
     {0x6f11a015b6ec346a, 0xf6c42617b28d64c3, 0xa7c51c4f1b854f22}},
    {"Huber's loss, large",
     LARGE_TARGETS "model.loss=huber model.activation=leaky-relu",
     REALS,
     0,
     false,
     0,
     {0xce831c02ec8b246d, 0x177a742a6da0b2f4, 0x9518b1f74f8131fa}},
    {"hidden softmax, small",
     SMALL "model.activation=softmax,tanh",
     REALS,
     4,
     false,
     0,
     {0x2c2f786fae9eb03d, 0x4edba6bba17fff4c, 0x4edba6bba17fff4c}},
    {"hidden softmax, large",
     LARGE "model.activation=relu,softmax model.dropout=0.1",
     REALS,
     10,
     false,
     0,
     {0x96dc381b551418d7, 0x3602b215c1e0c13b, 0x75430acf92248f0f}},
    {"no hidden layer",
     "model.layers=13-4 model.output=softmax model.loss=cross-entropy model.init=zeros",
     REALS,
     4,
     false,
     0,
     {0xfd6ff79603bc0865, 0x253708ca377fff9d, 0x253708ca377fff9d}},
    {"float64, small",
     SMALL "precision=float64",
     REALS,
     4,
     false,
     4,
     {0xf61ff8c612123d6d, 0xbb85c22f4d26341e, 0x95741f23d113637c}},
    {"float64, large",
     LARGE "precision=float64 train.momentum=0.9",
     REALS,
     10,
     true,
     0,
     {0x4d903478ca871509, 0x5595eaefc9129d71, 0xfc44931b9220c54c}},
    {"float64, squared error",
     TARGETS "precision=float64 model.loss=mean-squared-error",
     REALS,
     0,
     false,
     0,
     {0xff3c3c53062ac4a9, 0x95d8fd3a87719881, 0xd6ad93ae90da1d57}},
    {"bfloat16",
     LARGE "precision=bfloat16",
     REALS,
     10,
     false,
     33,
     {0x27293b8c4d6bdf37, 0x58250ddf302ec5fb, 0x73063b3e131a6af0}},
    {"bfloat16 with dropout and adam",
     LARGE "precision=bfloat16 model.dropout=0.2 train.optimizer=adam train.learning_rate=0.002",
     BYTES,
     10,
     true,
     0,
     {0x57c7b79850ce256c, 0xfe2182439977403d, 0x98e9b8f7dc07d69f}},
    {"reference engine",
     SMALL "engine=reference model.dropout=0.2",
     REALS,
     4,
     true,
     4,
     {0x411aefbe8e3f1952, 0x2a5fa33ee3d0abd3, 0x0cb6e6c21c596a73}},
    {"reference engine, float64 targets",
     TARGETS "engine=reference precision=float64 model.loss=huber",
     REALS,
     0,
     false,
     4,
     {0x611803eb63e3eaff, 0x67c32d57455317ed, 0xbf1769b71cb2ce54}},
    {"few predictions of a large network",
     "model.layers=784-512-512-10 model.output=softmax model.loss=cross-entropy train.epochs=1 train.batch_size=230",
     REALS,
     10,
     false,
     1,
     {0x29fa15bf1c3ebdfd, 0xd9357a61c4bc200e, 0xd1714a75dec61edf}},
    {"four predictions of a large network",
     "model.layers=784-512-512-1 model.output=sigmoid model.loss=binary-cross-entropy train.epochs=1 "
     "train.batch_size=230",
     REALS,
     2,
     false,
     4,
     {0xa9739b0e6015054d, 0x25ff0188be14e9f7, 0x0aea003e657750dc}},
    {"predictions of a large network",
     "model.layers=784-512-512-3 model.output=identity model.loss=mean-squared-error train.epochs=1 "
     "train.batch_size=230 train.learning_rate=0.001",
     REALS,
     0,
     false,
     40,
     {0xea15ba05929b0915, 0xcf4ec02e572bcd93, 0x2ead9a07181de042}},
    {"average of the parameters and notebook's draws",
     SMALL "train.ema=0.9 stream=numpy train.keep=best",
     REALS,
     4,
     false,
     0,
     {0x4228422052f6be81, 0xab8638c4ca354420, 0xab8638c4ca354420}},
    {"one cycle, warm-up, a last batch left out",
     LARGE "train.schedule=one-cycle train.decay=0.04 train.warmup=0.5 train.drop_last=true",
     REALS,
     10,
     false,
     0,
     {0x7a4411d9a7704700, 0x89cb660329af53bf, 0x814cbe355a5fad4d}},
};

#define ROWS (sizeof table / sizeof *table)

static const char *const kernels[KERNELS] = {[PLAIN] = "plain", [AVX2] = "avx2", [AVX512] = "avx512"};

/* FNV-1a */
static uint64_t sum_up(uint64_t sum, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): callers pass what they have filled */
        sum = (sum ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
    return sum;
}

#define LIBRARY_SUM 0x978e99529323b54du
#define EMPTY_SUM 0xcbf29ce484222325u

/* Changes with what of the C library enters the bits. */
static uint64_t sum_of_library(void)
{
    uint64_t sum = EMPTY_SUM;
    for (int i = -400; i <= 400; i++) {
        const double x = i / 37.0;
        const double doubles[] = {exp(x),         expm1(x), log1p(exp(x)), tanh(x),     erfc(x),
                                  log(1 + x * x), cos(x),   sin(x),        pow(0.99, x)};
        const float f = (float)x;
        const float floats[] = {expf(f), expm1f(f), log1pf(expf(f)), tanhf(f), erfcf(f), logf(1 + f * f)};
        sum = sum_up(sum, doubles, sizeof doubles);
        sum = sum_up(sum, floats, sizeof floats);
    }
    return sum;
}

/* Examples whose features lie about a place that depends on their label, or whose targets follow from their features. */
static percept_dataset *make_examples(const Row *row, size_t width, size_t outputs, uint64_t seed)
{
    RandomStream stream;
    percept_dataset *data = NULL;
    double *features = NULL;
    uint8_t *bytes = NULL;
    int32_t labels[EXAMPLES];
    random_default_rng(&stream, seed);
    assert_ok(memory_allocate(EXAMPLES * width, sizeof *features, "features", &features, error));
    assert_ok(memory_allocate(EXAMPLES * width, 1, "features", &bytes, error));
    for (size_t i = 0; i < EXAMPLES; i++) {
        labels[i] = row->classes > 0 ? (int32_t)random_below(&stream, row->classes) : 0;
        for (size_t j = 0; j < width; j++) {
            const double place = ((size_t)labels[i] + j) % 3 == 0 ? 0.25 : 0;
            features[i * width + j] = place + random_uniform(&stream, 0, 0.75);
            bytes[i * width + j] = (uint8_t)(255 * features[i * width + j]);
        }
    }
    assert_ok(percept_dataset_create(row->kind == BYTES ? PERCEPT_UINT8 : PERCEPT_FLOAT64, EXAMPLES, width,
                                     row->kind == BYTES ? (const void *)bytes : features,
                                     row->classes > 0 ? labels : NULL, row->classes, NULL, &data, error));
    Storage *storage = data->storage;
    if (row->weighted) {
        assert_ok(memory_allocate(EXAMPLES, sizeof *storage->weights, "weights", &storage->weights, error));
        for (size_t i = 0; i < EXAMPLES; i++)
            storage->weights[i] = i % 5 == 4 ? 0 : random_uniform(&stream, 0, 3);
    }
    if (row->classes == 0) {
        storage->target_width = outputs;
        assert_ok(memory_allocate(EXAMPLES, outputs * sizeof *storage->targets, "targets", &storage->targets, error));
        for (size_t i = 0; i < EXAMPLES * outputs; i++)
            storage->targets[i] = features[i / outputs * width + i % outputs] * 4 - random_unit(&stream);
    }
    memory_free(features);
    memory_free(bytes);
    return data;
}

/* "key=value key=value …"; a key that there is not yet is left out. */
static void set_all(percept_recipe *recipe, const char *settings)
{
    while (*settings != '\0') {
        char key[64], value[64];
        int length = 0;
        assert_int_equal(sscanf(settings, " %63[^=]=%63s %n", key, value, &length), 2);
        if (recipe_key_find(key) != NULL)
            assert_ok(percept_recipe_set(recipe, key, value, error));
        settings += length;
    }
}

static uint64_t sum_of_predictions(uint64_t sum, const percept_model *model, size_t count, size_t threads)
{
    const size_t width = percept_model_inputs(model), outputs = count * percept_model_outputs(model);
    RandomStream stream;
    double *features = NULL, *predictions = NULL;
    random_default_rng(&stream, 9);
    assert_ok(memory_allocate(count * width, sizeof *features, "features", &features, error));
    assert_ok(memory_allocate_zeroed(outputs, sizeof *predictions, "predictions", &predictions, error));
    for (size_t i = 0; i < count * width; i++)
        features[i] = random_unit(&stream);
    assert_ok(percept_model_predict(model, features, count, threads, predictions, error));
    sum = sum_up(sum, predictions, outputs * sizeof *predictions);
    memory_free(features);
    memory_free(predictions);
    return sum;
}

static uint64_t sum_of_model(const Row *row, size_t threads)
{
    percept_recipe *recipe = NULL;
    percept_model *model = NULL;
    char text[16];
    assert_ok(percept_recipe_create(&recipe, error));
    set_all(recipe, common);
    set_all(recipe, row->settings);
    snprintf(text, sizeof text, "%zu", threads);
    assert_ok(percept_recipe_set(recipe, "threads", text, error));
    const int64_t *layers = recipe_integers(recipe, "model.layers");
    const size_t width = (size_t)layers[0], outputs = (size_t)layers[recipe_count(recipe, "model.layers") - 1];
    percept_data data = {make_examples(row, width, outputs, 1), make_examples(row, width, outputs, 2), NULL};
    assert_ok(percept_model_create(recipe, &data, &model, error));
    assert_ok(percept_model_train(model, recipe, &data, NULL, NULL, NULL, error));
    uint64_t sum = sum_up(EMPTY_SUM, model->parameters,
                          model->network.parameter_count * (model->precision == PERCEPT_FLOAT64 ? 8 : 4));
    if (row->predicts > 0)
        sum = sum_of_predictions(sum, model, row->predicts, threads);
    percept_model_free(model);
    percept_data_free(&data);
    percept_recipe_free(recipe);
    return sum;
}

/* Whether this processor has the column's instruction set. */
static bool available(size_t column)
{
    for (size_t isa = 0; isa < ISA_COUNT; isa++)
        if (strcmp(isa_name(isa), kernels[column]) == 0)
            return isa_supported(isa);
    return false;
}

static size_t check_row(const Row *row)
{
    size_t wrong = 0;
    for (size_t column = 0; column < KERNELS; column++) {
        if (!available(column))
            continue;
        setenv("PERCEPT_ISA", kernels[column], 1);
        const uint64_t sum = sum_of_model(row, 1);
        for (size_t threads = 2; threads <= THREADS; threads++)
            if (sum_of_model(row, threads) != sum)
                fail_msg("'%s' on %s: %zu threads give other bits than one", row->name, kernels[column], threads);
        if (sum != row->sums[column] && !(column == AVX2 && sum == row->sums[AVX2_AT_O2])) {
            print_error("'%s' on %s changed: 0x%016llx, not 0x%016llx\n", row->name, kernels[column],
                        (unsigned long long)sum, (unsigned long long)row->sums[column]);
            wrong++;
        }
    }
    unsetenv("PERCEPT_ISA");
    return wrong;
}

static void trained_models_keep_their_bits(void **state)
{
    (void)state;
    size_t wrong = 0;
#if !defined __x86_64__ || defined __clang__ || !defined NDEBUG /* with -Og, as for debugging, gcc contracts nothing */
    skip_because("checksums of models were made with gcc on x86-64, with optimization");
#endif
    if (RUNNING_ON_VALGRIND)
        skip_because("models are trained too slowly under valgrind, and it computes with its own libm");
    if (sum_of_library() != LIBRARY_SUM)
        skip_because("this C library's exp, tanh, ... round otherwise than those the checksums were made with");
    setenv("PERCEPT_BFLOAT16", "emulated", 1);
    for (size_t i = 0; i < ROWS; i++)
        wrong += check_row(&table[i]);
    unsetenv("PERCEPT_BFLOAT16");
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trained_models_keep_their_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
