#include "data/origin.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- Files ----------------------------------------------------------------------------------------------------- */

/* 16 bytes of header and 28 × 28 for each image; 8 and 1 for each label. */
#define TRAIN_IMAGES 47040016
#define TRAIN_LABELS 60008
#define TEST_IMAGES 7840016
#define TEST_LABELS 10008

static const OriginFile mnist_files[] = {
    {"train-images-idx3-ubyte", TRAIN_IMAGES, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte", TRAIN_LABELS, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte", TEST_IMAGES, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte", TEST_LABELS, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
};

static const OriginFile fashion_files[] = {
    {"train-images-idx3-ubyte", TRAIN_IMAGES, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"},
    {"train-labels-idx1-ubyte", TRAIN_LABELS, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"},
    {"t10k-images-idx3-ubyte", TEST_IMAGES, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"},
    {"t10k-labels-idx1-ubyte", TEST_LABELS, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"},
};

static const OriginFile digits_files[] = {
    {"digits.csv", 264712, "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"},
};

/* ---- Mirrors --------------------------------------------------------------------------------------------------- */

static const char *const mnist_mirrors[] = {
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
};

static const char *const fashion_mirrors[] = {
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
};

static const char *const digits_mirrors[] = {
    "https://raw.githubusercontent.com/scikit-learn/scikit-learn/main/sklearn/datasets/data/",
};

/* ---- The table ------------------------------------------------------------------------------------------------- */

static const Origin origin_table[] = {
    {"fashion-mnist", fashion_files, COUNT(fashion_files), fashion_mirrors, COUNT(fashion_mirrors)},
    {"mnist", mnist_files, COUNT(mnist_files), mnist_mirrors, COUNT(mnist_mirrors)},
    {"digits", digits_files, COUNT(digits_files), digits_mirrors, COUNT(digits_mirrors)},
};

const Origin *origins(size_t *count)
{
    *count = COUNT(origin_table);
    return origin_table;
}

const Origin *origin_find(const char *dataset)
{
    for (size_t o = 0; o < COUNT(origin_table); o++)
        if (strcmp(origin_table[o].dataset, dataset) == 0)
            return &origin_table[o];
    return NULL;
}
