/* percept data get: the files of a named dataset from the network. */
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/fetch.h"
#include "cli/help_writer.h"
#include "cli/interrupt.h"
#include "cli/message.h"
#include "cli/parser.h"
#include "cli/text.h"
#include "cli/transfer_bar.h"
#include "data/origin.h"
#include "data/source.h"

/* The host of an address. */
static const char *find_host(const char *address, size_t *length)
{
    const char *host = strstr(address, "://");
    host = host != NULL ? host + strlen("://") : address;
    *length = strcspn(host, "/");
    return host;
}

static void print_origins(const HelpWriter *writer)
{
    size_t count = 0;
    const Origin *table = origins(&count);
    writer->section("Mirrors");
    for (size_t o = 0; o < count; o++) {
        char hosts[512] = "";
        for (size_t m = 0, used = 0; m < table[o].mirror_count && used < sizeof hosts; m++) {
            size_t length = 0;
            const char *host = find_host(table[o].mirrors[m], &length);
            used += (size_t)snprintf(hosts + used, sizeof hosts - used, "%s%.*s", m > 0 ? ", else " : "", (int)length,
                                     host);
        }
        writer->entry(table[o].dataset, NULL, hosts, 18);
    }
}

static const Manual manual = {
    .command = "percept data get",
    .example = "percept data get mnist\n",
    .usage = "percept data get NAME [FLAG]...\n",
    .text = "Downloads the files of a dataset into DIR/NAME. An interrupted download is\n"
            "continued, also by a later call. A file is kept only if the SHA-256 of its\n"
            "content is correct; otherwise the next mirror is tried. The environment\n"
            "variables http_proxy and https_proxy are used.\n",
    .more = print_origins,
};

/* Seconds. */
#define DEFAULT_TIMEOUT 30
#define LONGEST_TIMEOUT 86400

typedef struct GetArguments {
    const char *name, *directory;
    const char **mirrors; /* room for all arguments */
    size_t mirror_count;
    size_t timeout; /* seconds */
} GetArguments;

static percept_status take_mirror(const Option *option, const char *value, percept_error *error)
{
    GetArguments *arguments = option->target;
    if (strncmp(value, "http://", 7) != 0 && strncmp(value, "https://", 8) != 0)
        return error_set(error, PERCEPT_ERROR_ARGUMENT,
                         "is '%.64s'; give an address that starts with https:// or http://", value);
    arguments->mirrors[arguments->mirror_count++] = value;
    return PERCEPT_OK;
}

static int read_arguments(int argc, char **argv, GetArguments *out)
{
    const Option options[] = {
        {"--data-dir", "DIR", "folder of datasets [the user's data directory]", option_take_text, &out->directory},
        {"--mirror", "URL", "folder to download from, instead of the mirrors below; may be repeated", take_mirror, out},
        {"--timeout", "SECONDS", "give up on a server that sends nothing for this long [30]", option_take_count,
         &out->timeout},
    };
    const Operand operands[] = {{"NAME", false, &out->name}};
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], operands, 1};
    return parser_read(&parser, argc, argv);
}

static int refuse_name(const char *name)
{
    const char *names[16];
    size_t count = 0;
    const Origin *table = origins(&count);
    for (size_t o = 0; o < count && o < sizeof names / sizeof names[0]; o++)
        names[o] = table[o].dataset;
    const char *nearest = nearest_word(name, names, count);
    if (nearest != NULL)
        return fail_usage(manual.command, "there is no dataset '%s' to download; did you mean '%s'?", name, nearest);
    return fail_usage(manual.command, "there is no dataset '%s' to download", name);
}

/* The folder of the dataset in the data directory, made if it is not there. */
static percept_status make_folder(const GetArguments *arguments, char **folder, percept_error *error)
{
    char *place = NULL;
    percept_status status = arguments->directory != NULL ? memory_copy_string(arguments->directory, &place, error)
                                                         : source_user_folder(&place, error);
    if (status == PERCEPT_OK && place == NULL)
        status =
            error_set(error, PERCEPT_ERROR_ARGUMENT, "there is no home directory; give a folder with --data-dir DIR");
    if (status == PERCEPT_OK)
        status = file_join(place, named_dataset_find(arguments->name)->folder, folder, error);
    if (status == PERCEPT_OK)
        status = file_make_folder(*folder, error);
    memory_free(place);
    return status;
}

static percept_status get_files(const Origin *origin, const GetArguments *arguments, const char *folder,
                                percept_error *error)
{
    const bool given = arguments->mirror_count > 0;
    const FetchPlan plan = {
        .mirrors = given ? arguments->mirrors : origin->mirrors,
        .mirror_count = given ? arguments->mirror_count : origin->mirror_count,
        .folder = folder,
        .silence = arguments->timeout == 0                ? DEFAULT_TIMEOUT
                   : arguments->timeout < LONGEST_TIMEOUT ? (long)arguments->timeout
                                                          : LONGEST_TIMEOUT,
    };
    percept_status status = PERCEPT_OK;
    for (size_t f = 0; status == PERCEPT_OK && f < origin->file_count; f++) {
        uint64_t fetched = 0;
        status = fetch_file(&origin->files[f], &plan, &fetched, error);
        if (status == PERCEPT_OK && fetched > 0)
            fprintf(stderr, "%s: %s\n", origin->files[f].name, transfer_size(fetched).text);
        else if (status == PERCEPT_OK)
            fprintf(stderr, "%s: was there\n", origin->files[f].name);
    }
    return status;
}

static int get(const Origin *origin, const GetArguments *arguments)
{
    char *folder = NULL;
    percept_error error;
    percept_status status = make_folder(arguments, &folder, &error);
    if (status == PERCEPT_OK)
        status = get_files(origin, arguments, folder, &error);
    if (status == PERCEPT_OK)
        printf("%s\n", text_plain(folder).text);
    memory_free(folder);
    if (status == PERCEPT_OK)
        return STATUS_DONE;
    const int signal_number = interrupt_signal();
    if (status != PERCEPT_ERROR_INTERRUPTED || signal_number == 0)
        return fail(&error);
    complain("%s; the same command continues it", error.message);
    return STATUS_SIGNAL + signal_number;
}

int command_data_get(int argc, char **argv)
{
    GetArguments arguments = {0};
    percept_error error;
    if (memory_allocate((size_t)argc + 1, sizeof *arguments.mirrors, "the mirrors", &arguments.mirrors, &error) !=
        PERCEPT_OK)
        return fail(&error);
    int status = read_arguments(argc, argv, &arguments);
    if (status == PARSER_GO_ON) {
        const Origin *origin = origin_find(arguments.name);
        if (origin == NULL) {
            status = refuse_name(arguments.name);
        } else if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
            complain("libcurl cannot be used");
            status = STATUS_FAILED;
        } else {
            interrupt_watch();
            status = get(origin, &arguments);
            interrupt_unwatch();
            curl_global_cleanup();
        }
    }
    memory_free(arguments.mirrors);
    return status;
}
