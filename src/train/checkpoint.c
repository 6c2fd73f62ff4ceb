#include "train/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/crc32.h"
#include "base/isa.h"
#include "base/memory.h"
#include "data/checksum.h"
#include "model/model_file.h"
#include "train/training.h"

#define VERSION "3"

/* ---- What a checkpoint holds beside the model --------------------------------------------------------------------- */

/* A field of TrainingState, stored as "state.NAME". */
typedef struct Field {
    const char *name;
    TensorType type;
    size_t offset;
} Field;

#define COUNT(name)                                                                                                    \
    {                                                                                                                  \
        "state." #name, TENSOR_U64, offsetof(TrainingState, name)                                                      \
    }
#define NUMBER(name)                                                                                                   \
    {                                                                                                                  \
        "state." #name, TENSOR_F64, offsetof(TrainingState, name)                                                      \
    }
/* A field whose stored name is not that in the struct. */
#define NUMBER_NAMED(stored, name)                                                                                     \
    {                                                                                                                  \
        "state." stored, TENSOR_F64, offsetof(TrainingState, name)                                                     \
    }
#define METRIC(part, name) NUMBER_NAMED("figures." #part "." #name, metrics.part.name)
#define PART(part)                                                                                                     \
    METRIC(part, loss), METRIC(part, loss_sum), METRIC(part, accuracy), METRIC(part, naive), METRIC(part, rmse),       \
        METRIC(part, mae), METRIC(part, r2)

static const Field fields[] = {
    COUNT(epoch),
    COUNT(step),
    COUNT(updates),
    COUNT(examples),
    COUNT(sums.count),
    NUMBER(sums.weight),
    NUMBER(sums.loss),
    NUMBER(sums.penalty),
    COUNT(sums.correct),
    PART(train),
    PART(valid),
    PART(test),
    NUMBER(train_loss),
    NUMBER(train_accuracy),
    NUMBER(valid_loss),
    NUMBER(valid_accuracy),
    COUNT(best_count),
    NUMBER_NAMED("best_figure", best_score),
    NUMBER(best_loss),
    NUMBER(best_accuracy),
    NUMBER_NAMED("plateau.figure", plateau.score),
    NUMBER(plateau.reduction),
    COUNT(plateau.count),
    COUNT(plateau.epochs),
};

#define FIELDS (sizeof fields / sizeof *fields)
_Static_assert(sizeof(TrainingState) == 8 * FIELDS, "a row for each field of the state, all 8 bytes wide");

/* A vector that a training may have: of all values, or of what is trained. */
typedef struct ParameterVector {
    const char *name;
    void *data;
    size_t count;
    TensorType type;
} ParameterVector;

#define VECTORS (OPTIMIZER_SLOTS + 2)
#define TENSORS (FIELDS + 1 + VECTORS)

#define STREAM "stream.shuffle"

/* The vectors that this training has; returns how many. */
static size_t list_vectors(const Training *training, ParameterVector vectors[VECTORS])
{
    static const char *const slots[OPTIMIZER_SLOTS] = {"optimizer.0", "optimizer.1", "optimizer.2"};
    const OptimizerState *optimizer = &training->optimizer;
    const size_t values = training->model->network.value_count;
    const TensorType type = training->model->precision == PERCEPT_FLOAT64 ? TENSOR_F64 : TENSOR_F32;
    size_t count = 0;
    for (size_t s = 0; s < OPTIMIZER_SLOTS; s++)
        if (optimizer->slots[s] != NULL)
            vectors[count++] = (ParameterVector){slots[s], optimizer->slots[s], optimizer->slot_counts[s],
                                                 optimizer->wide_slots ? TENSOR_F64 : type};
    if (training->best_parameters != NULL)
        vectors[count++] = (ParameterVector){"best", training->best_parameters, values, type};
    if (training->average != NULL)
        vectors[count++] = (ParameterVector){"average", training->average, values, type};
    return count;
}

/* Tensors of state, stream and vectors; they point into `state`, `words` and the training. Returns how many. */
static size_t list_tensors(const Training *training, const TrainingState *state, const uint64_t *words,
                           Tensor tensors[TENSORS])
{
    ParameterVector vectors[VECTORS];
    size_t count = 0;
    for (size_t f = 0; f < FIELDS; f++)
        tensors[count++] = (Tensor){fields[f].name, fields[f].type, 0, {0, 0}, (const char *)state + fields[f].offset};
    tensors[count++] = (Tensor){STREAM, TENSOR_U64, 1, {RANDOM_STATE_WORDS, 0}, words};
    const size_t vector_count = list_vectors(training, vectors);
    for (size_t v = 0; v < vector_count; v++)
        tensors[count++] = (Tensor){vectors[v].name, vectors[v].type, 1, {vectors[v].count, 0}, vectors[v].data};
    return count;
}

static size_t tensor_bytes(const Tensor *tensor)
{
    return tensor_type_size(tensor->type) * (tensor->rank == 0 ? 1 : tensor->shape[0]);
}

/* CRC-32 over the parameters and these tensors, in this order. */
static void sum_up(const Training *training, const Tensor *tensors, size_t count, char text[16])
{
    uint32_t sum = crc32_extend(0, training->model->parameters, training_vector_bytes(training));
    for (size_t i = 0; i < count; i++)
        sum = crc32_extend(sum, tensors[i].data, tensor_bytes(&tensors[i]));
    snprintf(text, 16, "%08" PRIx32, sum);
}

percept_status arithmetic_name(const char *engine, char name[ARITHMETIC_SIZE], percept_error *error)
{
    size_t isa = 0;
    percept_status status = isa_select(&isa, error);
    if (status == PERCEPT_OK)
        snprintf(name, ARITHMETIC_SIZE, "%s%s%s", engine, strcmp(engine, "cpu") == 0 ? " " : "",
                 strcmp(engine, "cpu") == 0 ? isa_name(isa) : "");
    return status;
}

static void format_identity(uint64_t identity, char text[24])
{
    snprintf(text, 24, "%016" PRIx64, identity);
}

/* ---- Writing ------------------------------------------------------------------------------------------------------ */

percept_status checkpoint_write(const Training *training, const char *path, percept_error *error)
{
    Tensor tensors[TENSORS];
    uint64_t words[RANDOM_STATE_WORDS];
    char sum[16], identity[24], arithmetic[ARITHMETIC_SIZE];
    random_state_write(&training->shuffling, words);
    const size_t count = list_tensors(training, &training->state, words, tensors);
    sum_up(training, tensors, count, sum);
    format_identity(training->options->identity, identity);
    percept_status status = arithmetic_name(training->options->engine->name, arithmetic, error);
    if (status != PERCEPT_OK)
        return status;
    const char *data = training->options->data;
    const MetadataEntry metadata[] = {{"checkpoint", VERSION},
                                      {"checkpoint_run", identity},
                                      {"checkpoint_arithmetic", arithmetic},
                                      {"checkpoint_sum", sum},
                                      {"checkpoint_data", data}};
    const size_t entries = sizeof metadata / sizeof *metadata - (data == NULL);
    return model_save_with(training->model, tensors, count, metadata, entries, path, error);
}

/* ---- Between ranks ------------------------------------------------------------------------------------------------ */

/* Rank 0's bytes to all others; `rows` for the exchange. */
static void hand_out(const Ranks *ranks, RankMemory *rows, void *bytes, size_t size)
{
    RankMemory *out = rows, *in = rows + ranks->count;
    for (size_t r = 0; r < ranks->count; r++) {
        out[r] = (RankMemory){bytes, ranks->rank == 0 ? size : 0};
        in[r] = (RankMemory){bytes, ranks->rank != 0 && r == 0 ? size : 0};
    }
    ranks->exchange(ranks->state, out, in);
}

percept_status checkpoint_align(Training *training, const Ranks *ranks, percept_error *error)
{
    ParameterVector vectors[VECTORS];
    uint64_t words[RANDOM_STATE_WORDS];
    RankMemory *rows = NULL;
    const size_t count = list_vectors(training, vectors);
    percept_status status = memory_allocate(2 * ranks->count, sizeof *rows, "the ranks", &rows, error);
    if (status != PERCEPT_OK)
        return status;
    random_state_write(&training->shuffling, words);
    hand_out(ranks, rows, &training->state, sizeof training->state);
    hand_out(ranks, rows, words, sizeof words);
    hand_out(ranks, rows, training->model->parameters, training_vector_bytes(training));
    for (size_t v = 0; v < count; v++)
        hand_out(ranks, rows, vectors[v].data, vectors[v].count * tensor_type_size(vectors[v].type));
    memory_free(rows);
    return random_state_read(words, &training->shuffling, error);
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

struct Checkpoint {
    char *path;
    Safetensors *file;
    const char *arithmetic, *run, *sum, *data;
    TrainingState state;
};

/* The tensor of that name, if it is like `wanted`. */
static percept_status need(const Safetensors *file, const Tensor *wanted, const void **data, percept_error *error)
{
    const Tensor *found = safetensors_find(file, wanted->name);
    if (found == NULL || found->type != wanted->type || found->rank != wanted->rank ||
        (wanted->rank == 1 && found->shape[0] != wanted->shape[0]))
        return error_set(error, PERCEPT_ERROR_FORMAT, "its '%s' %s", wanted->name,
                         found == NULL ? "is missing" : "is of another shape or type");
    *data = found->data;
    return PERCEPT_OK;
}

static percept_status read_parts(Checkpoint *checkpoint, percept_error *error)
{
    const char *version = safetensors_metadata(checkpoint->file, "checkpoint");
    checkpoint->run = safetensors_metadata(checkpoint->file, "checkpoint_run");
    checkpoint->arithmetic = safetensors_metadata(checkpoint->file, "checkpoint_arithmetic");
    checkpoint->sum = safetensors_metadata(checkpoint->file, "checkpoint_sum");
    checkpoint->data = safetensors_metadata(checkpoint->file, "checkpoint_data");
    if (version == NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT, "it is a safetensors file, but no checkpoint");
    if (strcmp(version, VERSION) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "it has version '%s', and this Percept (" PERCEPT_VERSION ") reads version " VERSION, version);
    if (checkpoint->run == NULL || checkpoint->arithmetic == NULL || checkpoint->sum == NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT, "its metadata are not complete");
    percept_status status = PERCEPT_OK;
    for (size_t f = 0; f < FIELDS && status == PERCEPT_OK; f++) {
        const Tensor wanted = {.name = fields[f].name, .type = fields[f].type};
        const void *data = NULL;
        status = need(checkpoint->file, &wanted, &data, error);
        if (status == PERCEPT_OK)
            memcpy((char *)&checkpoint->state + fields[f].offset, data, 8);
    }
    return status;
}

/* Puts the file in front of the reason. */
static percept_status refuse(const char *path, percept_status status, percept_error *error)
{
    (void)error_prefix(error, "cannot resume from '%s' (without that file the run starts again)", path);
    return status;
}

percept_status checkpoint_read(const char *path, Checkpoint **out, percept_error *error)
{
    Checkpoint *checkpoint = NULL;
    percept_status status = memory_allocate_zeroed(1, sizeof *checkpoint, "a checkpoint", &checkpoint, error);
    if (status != PERCEPT_OK)
        return status;
    status = memory_copy_string(path, &checkpoint->path, error);
    if (status == PERCEPT_OK)
        status = safetensors_read(path, &checkpoint->file, error);
    if (status == PERCEPT_OK)
        status = read_parts(checkpoint, error);
    if (status == PERCEPT_OK) {
        *out = checkpoint;
        return PERCEPT_OK;
    }
    checkpoint_free(checkpoint);
    return refuse(path, status, error);
}

void checkpoint_free(Checkpoint *checkpoint)
{
    if (checkpoint == NULL)
        return;
    safetensors_free(checkpoint->file);
    memory_free(checkpoint->path);
    memory_free(checkpoint);
}

size_t checkpoint_epochs(const Checkpoint *checkpoint)
{
    return (size_t)checkpoint->state.epoch;
}

size_t checkpoint_step(const Checkpoint *checkpoint)
{
    return (size_t)checkpoint->state.step;
}

const char *checkpoint_data(const Checkpoint *checkpoint)
{
    return checkpoint->data;
}

const char *checkpoint_arithmetic(const Checkpoint *checkpoint)
{
    return checkpoint->arithmetic;
}

/* ---- Resuming
 * ----------------------------------------------------------------------------------------------------- */

static bool is_of(const Checkpoint *checkpoint, uint64_t identity)
{
    char text[24];
    format_identity(identity, text);
    return strcmp(checkpoint->run, text) == 0;
}

static percept_status check_state(const Checkpoint *checkpoint, const Training *training, percept_error *error)
{
    const TrainingState *state = &checkpoint->state;
    const TrainingOptions *options = training->options;
    const char *part = data_checksum_difference(checkpoint->data, options->data);
    if (!is_of(checkpoint, options->identity) &&
        (options->older_identity == 0 || !is_of(checkpoint, options->older_identity)))
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "the recipe or the data is not what it was taken with; undo the change, or start a new run");
    if (part != NULL)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "the data have changed since it was written (the %s); undo the change, or start a new run",
                         part);
    const bool judged = state->step > 0 && training->options->metrics.when == METRICS_BEFORE;
    if (state->epoch > training->options->epochs || state->step >= training->steps ||
        state->best_count > state->epoch + judged)
        return error_set(error, PERCEPT_ERROR_FORMAT,
                         "it is at epoch %" PRIu64 ", step %" PRIu64 ", which this run does not have: it is damaged",
                         state->epoch, state->step);
    return PERCEPT_OK;
}

static percept_status restore_vectors(const Safetensors *file, Training *training, const Tensor *tensors, size_t count,
                                      percept_error *error)
{
    ParameterVector vectors[VECTORS];
    const size_t vector_count = list_vectors(training, vectors);
    for (size_t v = 0; v < vector_count; v++) {
        const void *data = NULL;
        percept_status status = need(file, &tensors[count - vector_count + v], &data, error);
        if (status != PERCEPT_OK)
            return status;
        memcpy(vectors[v].data, data, vectors[v].count * tensor_type_size(vectors[v].type));
    }
    return PERCEPT_OK;
}

/* Everything but the state itself; `tensors` describe what the training has, the state apart, which is the file's. */
static percept_status restore(const Checkpoint *checkpoint, Training *training, percept_error *error)
{
    Tensor tensors[TENSORS];
    uint64_t words[RANDOM_STATE_WORDS] = {0};
    char sum[16];
    const void *data = NULL;
    const size_t count = list_tensors(training, &checkpoint->state, words, tensors);
    percept_status status = need(checkpoint->file, &tensors[FIELDS], &data, error);
    if (status != PERCEPT_OK)
        return status;
    memcpy(words, data, sizeof words);
    status = model_restore(training->model, checkpoint->file, error);
    if (status == PERCEPT_OK)
        status = restore_vectors(checkpoint->file, training, tensors, count, error);
    if (status != PERCEPT_OK)
        return status;
    sum_up(training, tensors, count, sum);
    if (strcmp(sum, checkpoint->sum) != 0)
        return error_set(error, PERCEPT_ERROR_FORMAT, "its sum is %s, not %s: it is damaged", sum, checkpoint->sum);
    return random_state_read(words, &training->shuffling, error);
}

percept_status checkpoint_restore(const Checkpoint *checkpoint, Training *training, percept_error *error)
{
    percept_status status = check_state(checkpoint, training, error);
    if (status == PERCEPT_OK)
        status = restore(checkpoint, training, error);
    if (status != PERCEPT_OK)
        return refuse(checkpoint->path, status, error);
    training->state = checkpoint->state;
    return PERCEPT_OK;
}
