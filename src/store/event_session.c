#include "store/event_session.h"

#include <time.h>

#include "base/memory.h"

/* Field numbers of TensorFlow's summary.proto, of plugin_data.proto and api.proto of TensorBoard's plugin hparams, and of
 * struct.proto. */
enum { VALUE_TAG = 1, VALUE_METADATA = 9, METADATA_PLUGIN_DATA = 1, PLUGIN_NAME = 1, PLUGIN_CONTENT };
enum { CONTENT_START = 3, CONTENT_END };
enum { START_HPARAMS = 1, START_TIME = 5 };
enum { END_STATUS = 1, END_TIME, STATUS_SUCCESS = 1, STATUS_FAILURE };
enum { ENTRY_KEY = 1, ENTRY_VALUE };
enum { STRUCT_NUMBER = 2, STRUCT_TEXT, STRUCT_BOOLEAN };

/* The messages around the data of the plugin, nested. */
typedef struct PluginValue {
    size_t value, metadata, data, content, told;
} PluginValue;

static PluginValue begin_value(ProtoWriter *writer, const char *tag, uint32_t field)
{
    PluginValue messages = {.value = proto_begin(writer, EVENT_VALUE)};
    proto_text(writer, VALUE_TAG, tag);
    messages.metadata = proto_begin(writer, VALUE_METADATA);
    messages.data = proto_begin(writer, METADATA_PLUGIN_DATA);
    proto_text(writer, PLUGIN_NAME, "hparams");
    messages.content = proto_begin(writer, PLUGIN_CONTENT);
    messages.told = proto_begin(writer, field);
    return messages;
}

static void end_value(ProtoWriter *writer, const PluginValue *messages)
{
    proto_end(writer, messages->told);
    proto_end(writer, messages->content);
    proto_end(writer, messages->data);
    proto_end(writer, messages->metadata);
    proto_end(writer, messages->value);
}

/* The value of a key as a message Value of struct.proto. */
static percept_status write_value(ProtoWriter *writer, const percept_recipe *recipe, const Key *key,
                                  percept_error *error)
{
    char *text = NULL;
    percept_status status = PERCEPT_OK;
    const size_t message = proto_begin(writer, ENTRY_VALUE);
    if (key->type == KEY_BOOLEAN && !key->list) {
        proto_integer(writer, STRUCT_BOOLEAN, recipe_boolean(recipe, key->name));
    } else if (key->type == KEY_INTEGER && !key->list) {
        proto_double(writer, STRUCT_NUMBER, (double)recipe_integer(recipe, key->name));
    } else if (key->type == KEY_NUMBER && !key->list) {
        proto_double(writer, STRUCT_NUMBER, recipe_number(recipe, key->name));
    } else {
        status = recipe_format(recipe, key->name, &text, error);
        if (status == PERCEPT_OK)
            proto_text(writer, STRUCT_TEXT, text);
        memory_free(text);
    }
    proto_end(writer, message);
    return status;
}

percept_status event_session_start(EventFile *file, const percept_recipe *recipe, percept_error *error)
{
    ProtoWriter *writer = event_file_values(file);
    percept_status status = PERCEPT_OK;
    const PluginValue messages = begin_value(writer, "_hparams_/session_start_info", CONTENT_START);
    for (size_t i = 0; i < recipe_key_count() && status == PERCEPT_OK; i++) {
        const Key *key = recipe_key_at(i);
        if (key->idle || !recipe_is_set(recipe, key->name))
            continue;
        const size_t entry = proto_begin(writer, START_HPARAMS);
        proto_text(writer, ENTRY_KEY, key->name);
        status = write_value(writer, recipe, key, error);
        proto_end(writer, entry);
    }
    proto_double(writer, START_TIME, (double)time(NULL));
    end_value(writer, &messages);
    return status;
}

void event_session_end(EventFile *file, bool success)
{
    ProtoWriter *writer = event_file_values(file);
    const PluginValue messages = begin_value(writer, "_hparams_/session_end_info", CONTENT_END);
    proto_integer(writer, END_STATUS, success ? STATUS_SUCCESS : STATUS_FAILURE);
    proto_double(writer, END_TIME, (double)time(NULL));
    end_value(writer, &messages);
}
