#include "search/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "recipe/experiment.h"
#include "search/message.h"
#include "store/saver.h"

/* Steps between two looks for orders, and the least time between two reports without a finished epoch. */
#define STEPS_PER_LOOK 64
#define REPORT_SECONDS 0.1

/* Finished epochs of this time are reported together: a message costs as much as some of a small network. */
#define TOGETHER_SECONDS 0.01

typedef struct Service {
    const SearchCrew *crew;
    size_t lane;
    SharedData *shared;
    char *checkpoint_path, *model_path; /* temporary */

    /* Of the errand at hand. */
    uint64_t errand;
    MessageTask task;
    percept_recipe *recipe;
    const DataSet *set;
    percept_model *model;
    Team *team;
    TrainingOptions options;
    Checkpoint *checkpoint;
    Saver saver;
    Buffer order, report, progress; /* progress: what is not sent yet */
    size_t looks;
    bool stopping, over;
    double reported; /* seconds of the training at the last report */
    percept_status failure;
    percept_error *error;
} Service;

static void fail_service(Service *service, percept_status status)
{
    if (status != PERCEPT_OK && service->failure == PERCEPT_OK)
        service->failure = status;
}

/* ---- Reports ------------------------------------------------------------------------------------------------------- */

static percept_status begin_report(Service *service, MessageWord word)
{
    const MessageHead head = {word, service->errand};
    service->report.size = 0;
    return message_add(&service->report, &head, sizeof head, service->error);
}

static void send_report(const Service *service)
{
    service->crew->send(service->crew->state, service->lane, service->report.bytes, service->report.size);
}

/* Sends what has been noted. */
static void send_progress(Service *service)
{
    if (service->progress.size > 0)
        service->crew->send(service->crew->state, service->lane, service->progress.bytes, service->progress.size);
    service->progress.size = 0;
}

static void note_progress(Service *service, const percept_progress *progress)
{
    const MessageHead head = {MESSAGE_PROGRESS, service->errand};
    const bool parameters = service->task.wants_parameters != 0;
    const size_t bytes = service->model->network.value_count * model_real_size(service->model);
    percept_status status = PERCEPT_OK;
    if (service->progress.size == 0)
        status = message_add(&service->progress, &head, sizeof head, service->error);
    if (status == PERCEPT_OK)
        status = message_add(&service->progress, progress, sizeof *progress, service->error);
    if (status == PERCEPT_OK && parameters)
        status = message_add(&service->progress, service->model->parameters, bytes, service->error);
    fail_service(service, status);
    if (status == PERCEPT_OK && (parameters || progress->seconds - service->reported >= TOGETHER_SECONDS)) {
        send_progress(service);
        service->reported = progress->seconds;
    }
}

static percept_status report_file(Service *service, MessageWord word, const char *path)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    percept_status status = file_read(path, &bytes, &size, service->error);
    send_progress(service);
    if (status == PERCEPT_OK)
        status = begin_report(service, word);
    if (status == PERCEPT_OK)
        status = message_add(&service->report, bytes, size, service->error);
    if (status == PERCEPT_OK)
        send_report(service);
    memory_free(bytes);
    return status;
}

static percept_status report_end(Service *service, bool prepared, percept_status status, const percept_result *result,
                                 const char *message)
{
    MessageEnd end = {.status = status, .prepared = prepared, .over = service->over, .result = *result};
    snprintf(end.message, sizeof end.message, "%s", status != PERCEPT_OK ? message : "");
    send_progress(service);
    const percept_status added = begin_report(service, MESSAGE_END);
    if (added != PERCEPT_OK)
        return added;
    const percept_status told = message_add(&service->report, &end, sizeof end, service->error);
    if (told == PERCEPT_OK)
        send_report(service);
    return told;
}

/* ---- Orders -------------------------------------------------------------------------------------------------------- */

/* What the leader has said since the last look; it waits while the training is to pause. */
static void obey(Service *service)
{
    bool arrived = false, paused = false;
    do {
        const percept_status status =
            paused ? message_wait(service->crew, service->lane, &service->order, NULL, NULL, service->error)
                   : service->crew->receive(service->crew->state, service->lane, &service->order, &arrived,
                                            service->error);
        fail_service(service, status);
        if (status != PERCEPT_OK || !arrived)
            return;
        const MessageHead head = message_head(&service->order);
        if (head.errand != service->errand)
            continue;
        service->stopping = service->stopping || head.word == MESSAGE_STOP;
        paused = head.word == MESSAGE_PAUSE || (paused && head.word != MESSAGE_GO);
    } while (!service->stopping);
}

/* The callback of the training. */
static int observe(const percept_progress *progress, void *user)
{
    Service *service = user;
    const bool rung =
        progress->epoch_done && progress->epoch + 1 == service->task.to && service->task.to < progress->epochs;
    if (progress->epoch_done || progress->seconds - service->reported >= REPORT_SECONDS)
        note_progress(service, progress);
    if (progress->epoch_done || ++service->looks % STEPS_PER_LOOK == 0)
        obey(service);
    return rung || service->stopping || service->failure != PERCEPT_OK;
}

static percept_status sync_nothing(void *user, percept_error *error)
{
    (void)user, (void)error;
    return PERCEPT_OK;
}

static percept_status save(const Training *training, bool stopping, void *user, percept_error *error)
{
    Service *service = user;
    service->over = training_is_over(training);
    if (service->over || !saver_is_due(&service->saver, training, stopping))
        return PERCEPT_OK;
    percept_status status = saver_write(&service->saver, training, error);
    if (status == PERCEPT_OK)
        status = report_file(service, MESSAGE_CHECKPOINT, service->checkpoint_path);
    fail_service(service, status);
    return status;
}

/* ---- An errand ----------------------------------------------------------------------------------------------------- */

/* A piece of the message as text. */
static percept_status take_text(const uint8_t **body, size_t size, char **out, percept_error *error)
{
    const percept_status status = memory_allocate(size + 1, 1, "a text", out, error);
    if (status == PERCEPT_OK) {
        memcpy(*out, *body, size);
        (*out)[size] = '\0';
        *body += size;
    }
    return status;
}

static percept_status take_data(Service *service, const char *checksum, percept_error *error)
{
    const percept_status status = shared_data_take(service->shared, service->recipe, &service->set, error);
    if (status == PERCEPT_OK && strcmp(service->set->checksum, checksum) != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "the data are other ones than those of rank 0; copy its files there");
    return status;
}

static percept_status take_checkpoint(Service *service, const uint8_t *bytes, percept_error *error)
{
    if (service->task.checkpoint == 0)
        return PERCEPT_OK;
    const percept_status status = file_write(service->checkpoint_path, bytes, service->task.checkpoint, error);
    return status == PERCEPT_OK ? checkpoint_read(service->checkpoint_path, &service->checkpoint, error) : status;
}

static percept_status prepare(Service *service, const uint8_t *body, percept_error *error)
{
    char *recipe = NULL, *checksum = NULL;
    percept_status status = take_text(&body, service->task.recipe, &recipe, error);
    if (status == PERCEPT_OK)
        status = take_text(&body, service->task.checksum, &checksum, error);
    if (status == PERCEPT_OK)
        status = percept_recipe_parse(recipe, &service->recipe, error);
    if (status == PERCEPT_OK)
        status = take_data(service, checksum, error);
    if (status == PERCEPT_OK)
        status = percept_model_create(service->recipe, &service->set->data, &service->model, error);
    if (status == PERCEPT_OK)
        status = experiment_training(service->recipe, &service->set->data, &service->options, error);
    if (status == PERCEPT_OK)
        status = team_create(1, &service->team, error);
    if (status == PERCEPT_OK)
        status = take_checkpoint(service, body, error);
    if (status == PERCEPT_OK)
        status =
            saver_create_at(service->checkpoint_path, (size_t)recipe_integer(service->recipe, "train.checkpoint_every"),
                            sync_nothing, NULL, &service->saver, error);
    if (status == PERCEPT_OK)
        service->options.data = service->set->checksum;
    service->options.resume = service->checkpoint;
    service->options.pause = save;
    service->options.pause_user = service;
    memory_free(recipe);
    memory_free(checksum);
    return status;
}

static percept_status keep_model(Service *service)
{
    const percept_status status = percept_model_save(service->model, service->model_path, service->error);
    return status == PERCEPT_OK ? report_file(service, MESSAGE_MODEL, service->model_path) : status;
}

static void clear_errand(Service *service)
{
    saver_clear(&service->saver);
    checkpoint_free(service->checkpoint);
    team_free(service->team);
    percept_model_free(service->model);
    shared_data_give_back(service->shared, service->set);
    percept_recipe_free(service->recipe);
    (void)unlink(service->checkpoint_path);
    (void)unlink(service->model_path);
    *service = (Service){.crew = service->crew,
                         .lane = service->lane,
                         .shared = service->shared,
                         .checkpoint_path = service->checkpoint_path,
                         .model_path = service->model_path,
                         .order = service->order,
                         .report = service->report,
                         .progress = service->progress,
                         .error = service->error};
}

static percept_status do_errand(Service *service, const Buffer *message)
{
    percept_error why = {PERCEPT_OK, ""};
    percept_result result = {.struct_size = sizeof result, .best_epoch = -1};
    size_t size = 0;
    const uint8_t *body = message_body(message, &size);
    service->errand = message_head(message).errand;
    memcpy(&service->task, body, sizeof service->task);
    percept_status trained = prepare(service, body + sizeof service->task, &why);
    const bool prepared = trained == PERCEPT_OK;
    if (prepared && service->task.to > 0)
        trained = train_run(service->model, service->set->data.train, service->set->data.valid, &service->options,
                            service->team, observe, service, &result, &why);
    percept_status status = service->failure;
    const bool finished = trained == PERCEPT_OK || (trained == PERCEPT_ERROR_INTERRUPTED && service->over);
    if (status == PERCEPT_OK && prepared && finished && service->task.wants_model != 0)
        status = keep_model(service);
    if (status == PERCEPT_OK)
        status = report_end(service, prepared, trained, &result, why.message);
    clear_errand(service);
    return status;
}

/* ---- The lane ------------------------------------------------------------------------------------------------------ */

static percept_status make_folder(Service *service, char *folder, size_t size, percept_error *error)
{
    const char *place = getenv("TMPDIR");
    snprintf(folder, size, "%s/percept-search-XXXXXX", place != NULL && strlen(place) < size - 32 ? place : "/tmp");
    if (mkdtemp(folder) == NULL)
        return error_set(error, PERCEPT_ERROR_IO, "cannot make a temporary folder %s", folder);
    percept_status status = file_join(folder, "checkpoint", &service->checkpoint_path, error);
    return status == PERCEPT_OK ? file_join(folder, "model", &service->model_path, error) : status;
}

percept_status serve_lane(const SearchCrew *crew, size_t lane, SharedData *shared, percept_error *error)
{
    Service service = {.crew = crew, .lane = lane, .shared = shared, .error = error};
    Buffer message = {0};
    char folder[256];
    bool leave = false;
    percept_status status = make_folder(&service, folder, sizeof folder, error);
    while (status == PERCEPT_OK && !leave) {
        status = message_wait(crew, lane, &message, NULL, NULL, error);
        if (status == PERCEPT_OK && message_head(&message).word == MESSAGE_TRAIN)
            status = do_errand(&service, &message);
        else if (status == PERCEPT_OK)
            leave = message_head(&message).word == MESSAGE_LEAVE;
    }
    (void)rmdir(folder);
    memory_free(service.checkpoint_path);
    memory_free(service.model_path);
    buffer_clear(&service.order);
    buffer_clear(&service.report);
    buffer_clear(&service.progress);
    buffer_clear(&message);
    return status;
}
