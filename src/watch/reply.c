#include "watch/reply.h"

#include <string.h>

#include "base/json_text.h"
#include "base/json_value.h"
#include "base/memory.h"

/* Significant digits of numbers: enough for a time in milliseconds. */
#define DIGITS 13

static const struct {
    const char *name, *value;
} headers[] = {{"X-Content-Type-Options", "nosniff"},
               {"Cache-Control", "no-store"},
               {"Referrer-Policy", "no-referrer"},
               {"Cross-Origin-Resource-Policy", "same-origin"},
               {"Cross-Origin-Opener-Policy", "same-origin"}};

/* Queues an answer, which is released; what cannot be done ends the connection. */
static enum MHD_Result send_off(struct MHD_Connection *connection, unsigned code, const char *type, const char *policy,
                                struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result result = MHD_add_response_header(response, "Content-Type", type);
    if (result == MHD_YES)
        result = MHD_add_response_header(response, "Content-Security-Policy", policy);
    for (size_t h = 0; h < sizeof headers / sizeof headers[0] && result == MHD_YES; h++)
        result = MHD_add_response_header(response, headers[h].name, headers[h].value);
    if (result == MHD_YES && code == MHD_HTTP_METHOD_NOT_ALLOWED)
        result = MHD_add_response_header(response, "Allow", "GET, HEAD, POST");
    if (result == MHD_YES)
        result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static struct MHD_Response *respond_constant(const void *bytes, size_t size)
{
    /* The library takes what it does not change without const. */
    union {
        const void *given;
        void *taken;
    } constant = {.given = bytes};
    return MHD_create_response_from_buffer(size, constant.taken, MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result reply_file(struct MHD_Connection *connection, const char *policy, const EmbeddedFile *file)
{
    return send_off(connection, MHD_HTTP_OK, file->type, policy, respond_constant(file->bytes, file->size));
}

enum MHD_Result reply_json(struct MHD_Connection *connection, unsigned code, json_t *value)
{
    static const char type[] = "application/json", problem[] = "{\"problem\": \"not enough memory for the answer\"}";
    char *text = NULL;
    const percept_status status =
        json_text(value, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS), "an answer", &text, NULL);
    json_decref(value);
    if (status != PERCEPT_OK)
        return send_off(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, type, REPLY_POLICY,
                        respond_constant(problem, sizeof problem - 1));
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback(strlen(text), text, memory_free);
    if (response == NULL)
        memory_free(text);
    return send_off(connection, code, type, REPLY_POLICY, response);
}

enum MHD_Result reply_problem(struct MHD_Connection *connection, unsigned code, const char *problem)
{
    json_t *value = json_object();
    if (json_object_set_new(value, "problem", json_words(problem)) != 0) {
        json_decref(value);
        value = NULL;
    }
    return reply_json(connection, code, value);
}
