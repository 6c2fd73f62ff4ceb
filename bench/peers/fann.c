/* One measurement of FANN (http://leenissen.dk/fann): whole epochs of descent by batches.
 *     fann FEATURES LABELS BATCH RATE SECONDS EPOCHS SIZE SIZE...
 * prints the figures as JSON. FANN has no softmax and no batches: outputs are sigmoids against squared error, and a batch
 * is a data set of its own, of which one epoch is trained. The examples stay in their order. After EPOCHS epochs the training begins anew. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <fann.h>

#define MOST_SIZES 16

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "fann: %s\n", what);
    exit(1);
}

/* The items of an IDX file of bytes; *count is the first size. */
static uint8_t *read_idx(const char *path, unsigned *count)
{
    FILE *file = fopen(path, "rb");
    long size = 0;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 8)
        fail(path);
    uint8_t *bytes = malloc((size_t)size);
    rewind(file);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size)
        fail(path);
    fclose(file);
    *count = (unsigned)bytes[4] << 24 | (unsigned)bytes[5] << 16 | (unsigned)bytes[6] << 8 | bytes[7];
    return bytes + 4 + 4 * (size_t)bytes[3];
}

/* Examples first … first+count-1 as FANN's own data. */
static struct fann_train_data *make_batch(const uint8_t *features, const uint8_t *labels, unsigned first,
                                          unsigned count, unsigned inputs, unsigned outputs)
{
    struct fann_train_data *data = fann_create_train(count, inputs, outputs);
    if (data == NULL)
        fail("not enough memory");
    for (unsigned i = 0; i < count; i++) {
        const size_t row = (size_t)first + i;
        for (unsigned j = 0; j < inputs; j++)
            data->input[i][j] = (fann_type)features[row * inputs + j] / 255;
        for (unsigned k = 0; k < outputs; k++)
            data->output[i][k] = outputs == 1 ? labels[row] : labels[row] == k;
    }
    return data;
}

int main(int argc, char **argv)
{
    unsigned sizes[MOST_SIZES], count = 0, depth = 0;
    if (argc < 9 || argc - 7 > MOST_SIZES)
        fail("FEATURES LABELS BATCH RATE SECONDS EPOCHS SIZE SIZE...");
    const uint8_t *features = read_idx(argv[1], &count), *labels = read_idx(argv[2], &count);
    const unsigned batch = (unsigned)strtoul(argv[3], NULL, 10);
    const double seconds = strtod(argv[5], NULL);
    const int anew = (int)strtol(argv[6], NULL, 10);
    if (anew < 1 || batch < 1 || count < 1)
        fail("EPOCHS, BATCH and the number of examples must be above 0");
    for (int i = 7; i < argc; i++)
        sizes[depth++] = (unsigned)strtoul(argv[i], NULL, 10);

    struct fann *network = fann_create_standard_array(depth, sizes);
    const unsigned batches = (count - 1) / batch + 1;
    struct fann_train_data **data = calloc(batches, sizeof(struct fann_train_data *));
    if (network == NULL || data == NULL)
        fail("not enough memory");
    fann_set_training_algorithm(network, FANN_TRAIN_BATCH);
    fann_set_activation_function_hidden(network, FANN_LINEAR_PIECE); /* what it has nearest to ReLU */
    fann_set_activation_function_output(network, FANN_SIGMOID);
    fann_set_learning_rate(network, (float)strtod(argv[4], NULL));
    for (unsigned b = 0; b < batches; b++)
        data[b] = make_batch(features, labels, b * batch, b + 1 < batches ? batch : count - b * batch, sizes[0],
                             sizes[depth - 1]);

    double begin = 0, passed = 0;
    int epochs = -1; /* the first one warms up */
    while (epochs < 1 || passed < seconds) {
        if (epochs == 0)
            begin = now();
        for (unsigned b = 0; b < batches; b++)
            fann_train_epoch(network, data[b]);
        epochs++;
        if (epochs % anew == 0)
            fann_randomize_weights(network, -0.1f, 0.1f);
        passed = epochs > 0 ? now() - begin : 0;
    }
    for (unsigned b = 0; b < batches; b++)
        fann_destroy_train(data[b]);
    free((void *)data);
    fann_destroy(network);
    printf("{\"version\": \"FANN\", \"seconds_per_epoch\": %.9g}\n", passed / epochs);
    return 0;
}
