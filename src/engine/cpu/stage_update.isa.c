/* The update of what stages train, from cpu->stage_gradient. */
#include "engine/cpu/stages.h"

#include <stdint.h>
#include <string.h>

#include "engine/cpu/pieces.h"

/* Elements of a piece of work. */
#define ELEMENTS_PIECE 4096

/* gradient += decay · W where weight decay is for the tensor */
static void add_decay(const Pass *pass, size_t begin, size_t end, double decay, real *gradient)
{
    const Network *network = pass->cpu->engine.config.network;
    for (size_t t = 0; t < network->tensor_count && decay != 0; t++) {
        const NetworkTensor *tensor = &network->tensors[t];
        if (!tensor->of_stage || !tensor_is_decayed(tensor->role))
            continue;
        const size_t from = tensor->offset > begin ? tensor->offset : begin;
        const size_t to = smaller(tensor->offset + tensor_size(tensor), end);
        for (size_t p = from; p < to; p++)
            gradient[p - network->dense_count] += (real)decay * pass->parameters[p];
    }
}

void ISA(update_stages)(const Pass *pass, Worker *worker)
{
    const Cpu *cpu = pass->cpu;
    const Network *network = cpu->engine.config.network;
    const EngineUpdate *update = pass->update;
    const size_t first = network->dense_count;
    const double decay = pass->factor * weight_decay_of(pass);
    size_t begin = 0, end = 0;
    Pieces pieces;
    pieces_begin(&pieces, worker, network->parameter_count - first, ELEMENTS_PIECE);
    while (pieces_next(&pieces, &begin, &end)) {
        const real *gradient = cpu->stage_gradient + begin;
        add_decay(pass, first + begin, first + end, decay, cpu->stage_gradient);
        if (pass->gradient != NULL) {
            memcpy(pass->gradient + first + begin, gradient, (end - begin) * sizeof(real));
        } else if (is_plain(pass)) {
            for (size_t i = 0; i < end - begin; i++)
                pass->updated[first + begin + i] += gradient[i];
        } else if (update != NULL) {
            /* NOLINTNEXTLINE(performance-no-int-to-ptr): an address that is never read, where the vector would begin */
            const void *whole = (const void *)((uintptr_t)gradient - (first + begin) * sizeof(real));
            update->apply(update->state, first + begin, first + end, pass->updated, whole);
        }
    }
    pieces_end(&pieces);
}
