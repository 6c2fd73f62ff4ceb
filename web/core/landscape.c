#include "core/landscape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "core/look.h"
#include "model/model.h"

/* A row of a direction as long as that of the weights. */
static void draw_row(RandomStream *stream, const float *weights, size_t count, double *row)
{
    double own = 0, drawn = 0;
    for (size_t i = 0; i < count; i++) {
        row[i] = random_normal(stream, 0, 1);
        drawn += row[i] * row[i];
        own += (double)weights[i] * (double)weights[i];
    }
    for (size_t i = 0; i < count; i++)
        row[i] *= sqrt(own / drawn);
}

/* Biases and stages stay as they are. */
static void draw_direction(RandomStream *stream, const percept_model *model, double *direction)
{
    const float *parameters = model->parameters;
    memset(direction, 0, model->network.value_count * sizeof *direction);
    for (size_t l = 0; l < model->network.depth; l++) {
        const Layer *layer = &model->network.layers[l];
        for (size_t u = 0; u < layer->outputs; u++) {
            const size_t row = layer->weights + u * layer->inputs;
            draw_row(stream, parameters + row, layer->inputs, direction + row);
        }
    }
}

static bool allocate(Play *play, size_t count, size_t points)
{
    free(play->directions);
    free(play->losses);
    free(play->moved);
    play->directions = malloc(2 * count * sizeof *play->directions);
    play->losses = malloc(points * sizeof *play->losses);
    play->moved = malloc(count * sizeof *play->moved);
    return play->directions != NULL && play->losses != NULL && play->moved != NULL;
}

const double *PLAY_EXPORT(landscape_measure)(Play *play, int side, double span, int seed)
{
    const percept_model *model = play->model;
    const float *parameters = model->parameters;
    const size_t count = model->network.value_count, across = (size_t)side;
    RandomStream stream;
    if (side < 2 || !allocate(play, count, across * across))
        return NULL;
    random_default_rng(&stream, (uint64_t)seed);
    draw_direction(&stream, model, play->directions);
    draw_direction(&stream, model, play->directions + count);
    for (size_t point = 0; point < across * across; point++) {
        const double a = span * (2 * (double)(point % across) / (double)(across - 1) - 1);
        const double b = span * (1 - 2 * (double)(point / across) / (double)(across - 1));
        for (size_t p = 0; p < count; p++)
            play->moved[p] = (float)((double)parameters[p] + a * play->directions[p] + b * play->directions[count + p]);
        play->losses[point] = look_loss(play->look, play->moved);
    }
    return play->losses;
}

int PLAY_EXPORT(landscape_size)(const Play *play)
{
    return (int)play->model->network.value_count;
}

const double *PLAY_EXPORT(landscape_directions)(const Play *play)
{
    return play->directions;
}
