#include "search/errand.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "search/message.h"

/* An errand under way. */
typedef struct Way {
    const Errand *errand;
    ErrandEnd *end;
    bool stopping, ended;
    percept_status failure; /* of a callback */
    percept_error *error;
} Way;

void errand_pause(const Errand *errand)
{
    message_say(errand->crew, errand->lane, MESSAGE_PAUSE, errand->number);
}

void errand_go_on(const Errand *errand)
{
    message_say(errand->crew, errand->lane, MESSAGE_GO, errand->number);
}

static void stop(Way *way)
{
    if (!way->stopping)
        message_say(way->errand->crew, way->errand->lane, MESSAGE_STOP, way->errand->number);
    way->stopping = true;
}

static percept_status write_task(const Errand *errand, const Buffer *recipe, const uint8_t *checkpoint, size_t size,
                                 Buffer *out, percept_error *error)
{
    const MessageHead head = {MESSAGE_TRAIN, errand->number};
    const MessageTask task = {.to = errand->to,
                              .recipe = recipe->size,
                              .checksum = strlen(errand->checksum),
                              .checkpoint = size,
                              .wants_model = errand->wants_model,
                              .wants_parameters = errand->parameters != NULL};
    percept_status status = message_add(out, &head, sizeof head, error);
    if (status == PERCEPT_OK)
        status = message_add(out, &task, sizeof task, error);
    if (status == PERCEPT_OK)
        status = message_add(out, recipe->bytes, recipe->size, error);
    if (status == PERCEPT_OK)
        status = message_add(out, errand->checksum, task.checksum, error);
    return status == PERCEPT_OK ? message_add(out, checkpoint, size, error) : status;
}

static percept_status send_task(const Errand *errand, percept_error *error)
{
    Buffer recipe = {0}, message = {0};
    uint8_t *checkpoint = NULL;
    size_t size = 0;
    percept_status status = recipe_write_text(errand->recipe, &recipe, error);
    if (status == PERCEPT_OK && errand->checkpoint != NULL)
        status = file_read(errand->checkpoint, &checkpoint, &size, error);
    if (status == PERCEPT_OK)
        status = write_task(errand, &recipe, checkpoint, size, &message, error);
    if (status == PERCEPT_OK)
        errand->crew->send(errand->crew->state, errand->lane, message.bytes, message.size);
    memory_free(checkpoint);
    buffer_clear(&recipe);
    buffer_clear(&message);
    return status;
}

/* ---- Answers ------------------------------------------------------------------------------------------------------- */

static void take_progress(Way *way, const uint8_t *body, size_t size)
{
    const Errand *errand = way->errand;
    const size_t parameters = errand->parameters != NULL ? errand->parameter_bytes : 0;
    for (size_t at = 0; at < size; at += sizeof(percept_progress) + parameters) {
        percept_progress progress;
        memcpy(&progress, body + at, sizeof progress);
        if (parameters > 0)
            memcpy(errand->parameters, body + at + sizeof progress, parameters);
        if (errand->progress(&progress, errand->user) != 0)
            stop(way);
    }
}

static void take_end(Way *way, const uint8_t *body)
{
    MessageEnd end;
    memcpy(&end, body, sizeof end);
    way->ended = true;
    way->end->status = (percept_status)end.status;
    way->end->result = end.result;
    way->end->over = end.over != 0;
    memcpy(way->end->message, end.message, sizeof end.message);
    if (end.prepared == 0 && way->failure == PERCEPT_OK)
        way->failure = error_set(way->error, way->end->status, "%s: %s",
                                 way->errand->crew->where(way->errand->crew->state, way->errand->lane), end.message);
}

static void take(Way *way, const Buffer *message)
{
    const Errand *errand = way->errand;
    const MessageWord word = (MessageWord)message_head(message).word;
    size_t size = 0;
    const uint8_t *body = message_body(message, &size);
    percept_status status = PERCEPT_OK;
    if (word == MESSAGE_PROGRESS)
        take_progress(way, body, size);
    else if (word == MESSAGE_CHECKPOINT && way->failure == PERCEPT_OK)
        status = errand->save(errand->user, body, size, way->error);
    else if (word == MESSAGE_MODEL && way->failure == PERCEPT_OK)
        status = errand->keep(errand->user, body, size, way->error);
    else if (word == MESSAGE_END)
        take_end(way, body);
    if (status != PERCEPT_OK) {
        way->failure = status;
        stop(way);
    }
}

/* While nothing arrives. */
static void look(void *user)
{
    Way *way = user;
    if (!way->stopping && way->errand->idle(way->errand->user))
        stop(way);
}

/* Also of a training that is stopped: the other end answers. */
static percept_status wait_for_end(Way *way)
{
    const Errand *errand = way->errand;
    Buffer message = {0};
    percept_status status = PERCEPT_OK;
    while (status == PERCEPT_OK && !way->ended) {
        status =
            message_wait(errand->crew, errand->lane, &message, errand->idle != NULL ? look : NULL, way, way->error);
        if (status == PERCEPT_OK)
            take(way, &message);
    }
    buffer_clear(&message);
    return status == PERCEPT_OK ? way->failure : status;
}

percept_status errand_check(const SearchCrew *crew, const percept_recipe *recipe, const char *checksum,
                            percept_error *error)
{
    percept_error own;
    percept_status status = PERCEPT_OK;
    size_t sent = 0;
    for (; status == PERCEPT_OK && sent < crew->lanes; sent += status == PERCEPT_OK) {
        const Errand errand = {.crew = crew, .lane = sent, .recipe = recipe, .checksum = checksum};
        status = send_task(&errand, error);
    }
    for (size_t lane = 0; lane < sent; lane++) {
        const Errand errand = {.crew = crew, .lane = lane};
        ErrandEnd end;
        Way way = {.errand = &errand, .end = &end, .error = status == PERCEPT_OK ? error : &own};
        const percept_status answer = wait_for_end(&way);
        status = status == PERCEPT_OK ? answer : status;
    }
    return status;
}

percept_status errand_run(const Errand *errand, ErrandEnd *out, percept_error *error)
{
    Way way = {.errand = errand, .end = out, .error = error};
    *out = (ErrandEnd){.status = PERCEPT_OK};
    const percept_status status = send_task(errand, error);
    return status == PERCEPT_OK ? wait_for_end(&way) : status;
}
