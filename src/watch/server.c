#include "watch/server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_value.h"
#include "base/memory.h"
#include "base/number.h"
#include "watch/feed.h"
#include "watch/guard.h"
#include "watch/headers.h"
#include "watch/listen.h"
#include "watch/page.h"
#include "watch/reply.h"
#include "watch/visitors.h"

/* Bounds on what strangers can take; connections: visitors.h. A browser opens six at most for each window. */
#define SILENT_SECONDS 30u
#define CONNECTION_BYTES ((size_t)16 << 10) /* the line and headers of a request, and unsent output */

/* Milliseconds to wait for something to do; for other processes that lock the database. The server is one thread: while
 * it waits for the database, it answers no request. */
#define PATIENCE 1000
#define DATABASE_WAIT 100

#define URL_SIZE (GUARD_ADDRESS_SIZE + sizeof "http://[]:65535/")

struct WatchServer {
    struct MHD_Daemon *daemon;
    Guard guard;
    ServerPage page;
    char *folder; /* NULL: a page without data */
    char url[URL_SIZE];
    Visitors visitors;
};

typedef struct Request {
    const WatchServer *server;
    struct MHD_Connection *connection;
    const char *method, *path;
} Request;

/* ---- Parameters ------------------------------------------------------------------------------------------------------ */

static const char *parameter(const Request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

static const char *header(const Request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

/* A whole number ≥ least, or `fallback` where it is not given; false for anything else. */
static bool take_number(const Request *request, const char *name, int64_t least, int64_t fallback, int64_t *out)
{
    const char *text = parameter(request, name);
    *out = fallback;
    return text == NULL || (integer_parse(text, out) == INTEGER_OK && *out >= least);
}

static bool take_query(const Request *request, FeedQuery *out)
{
    return take_number(request, "id", 0, 0, &out->id) && take_number(request, "since", 0, 0, &out->since) &&
           take_number(request, "from", 0, 0, &out->from) && take_number(request, "wrong", -1, -1, &out->wrong);
}

static bool take_request(const Request *request, RunRequest *out)
{
    static const struct {
        const char *word;
        RunRequest request;
    } rows[] = {{"none", REQUEST_NONE}, {"pause", REQUEST_PAUSE}, {"stop", REQUEST_STOP}};
    const char *word = parameter(request, "ask");
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        if (word != NULL && strcmp(word, rows[r].word) == 0) {
            *out = rows[r].request;
            return true;
        }
    return false;
}

/* ---- Answers ---------------------------------------------------------------------------------------------------- */

/* The database as it is now: opened for each answer, so that one that is new, or has taken another's place, is seen.
 * *out is NULL where there is none yet. */
static percept_status open_database(const WatchServer *server, DatabaseMode mode, DatabasePatience *patience,
                                    Database **out, percept_error *error)
{
    char *path = NULL;
    *out = NULL;
    percept_status status = file_join(server->folder, DATABASE_FILE, &path, error);
    if (status == PERCEPT_OK && file_exists(path))
        status = database_open_patient(server->folder, mode, patience, out, error);
    memory_free(path);
    return status;
}

/* Answers with what went wrong; `otherwise`: the code where the database was not merely busy. */
static enum MHD_Result reply_failure(const Request *request, const DatabasePatience *patience, unsigned otherwise,
                                     const percept_error *error)
{
    if (patience->exhausted)
        return reply_problem(request->connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                             "another program is writing to the runs database; try again in a moment");
    return reply_problem(request->connection, otherwise, error->message);
}

/* Adds the server and the time to an answer. */
static bool sign(const WatchServer *server, bool database, json_t *answer)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (json_object_set_new(answer, "token", json_string(server->guard.token)) |
            json_object_set_new(answer, "version", json_string(percept_version())) |
            json_object_set_new(answer, "folder", json_words(server->folder)) |
            json_object_set_new(answer, "database", json_boolean(database)) |
            json_object_set_new(answer, "now", json_real((double)now.tv_sec + (double)now.tv_nsec * 1e-9))) == 0;
}

static enum MHD_Result tell(const Request *request, FeedAnswer *feed)
{
    FeedQuery query = {0};
    Database *database = NULL;
    DatabasePatience patience = {DATABASE_WAIT, false};
    json_t *answer = NULL;
    percept_error error;
    if (!take_query(request, &query))
        return reply_problem(request->connection, MHD_HTTP_BAD_REQUEST, "a parameter is no number");
    percept_status status = open_database(request->server, DATABASE_READ, &patience, &database, &error);
    if (status == PERCEPT_OK && database != NULL)
        status = feed(database, &query, &answer, &error);
    else if (status == PERCEPT_OK)
        answer = json_object();
    const bool found = database != NULL;
    database_close(database);
    if (status != PERCEPT_OK)
        return reply_failure(request, &patience,
                             status == PERCEPT_ERROR_ARGUMENT ? MHD_HTTP_NOT_FOUND : MHD_HTTP_INTERNAL_SERVER_ERROR,
                             &error);
    if (!sign(request->server, found, answer)) {
        json_decref(answer);
        answer = NULL;
    }
    return reply_json(request->connection, MHD_HTTP_OK, answer);
}

static enum MHD_Result tell_overview(const Request *request)
{
    return tell(request, feed_overview);
}

static enum MHD_Result tell_run(const Request *request)
{
    return tell(request, feed_run);
}

static enum MHD_Result tell_search(const Request *request)
{
    return tell(request, feed_search);
}

/* ---- Requests ----------------------------------------------------------------------------------------------- */

typedef percept_status Ask(Database *database, int64_t id, RunRequest request, percept_error *error);

static enum MHD_Result ask(const Request *request, Ask *call)
{
    FeedQuery query = {0};
    RunRequest wanted = REQUEST_NONE;
    Database *database = NULL;
    DatabasePatience patience = {DATABASE_WAIT, false};
    percept_error error;
    if (!take_query(request, &query) || !take_request(request, &wanted))
        return reply_problem(request->connection, MHD_HTTP_BAD_REQUEST, "ask for pause, stop or none, of an id");
    percept_status status = open_database(request->server, DATABASE_WRITE, &patience, &database, &error);
    if (status == PERCEPT_OK && database == NULL)
        status = error_set(&error, PERCEPT_ERROR_ARGUMENT, "there is no database yet");
    if (status == PERCEPT_OK)
        status = call(database, query.id, wanted, &error);
    database_close(database);
    if (status == PERCEPT_OK)
        return reply_json(request->connection, MHD_HTTP_OK, json_object());
    return reply_failure(request, &patience,
                         status == PERCEPT_ERROR_ARGUMENT ? MHD_HTTP_CONFLICT : MHD_HTTP_INTERNAL_SERVER_ERROR, &error);
}

static enum MHD_Result ask_run(const Request *request)
{
    return ask(request, database_ask);
}

static enum MHD_Result ask_search(const Request *request)
{
    return ask(request, database_ask_search);
}

/* ---- Requests -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *method, *path;
    enum MHD_Result (*answer)(const Request *request);
} routes[] = {{"GET", "/feed", tell_overview},
              {"GET", "/run", tell_run},
              {"GET", "/search", tell_search},
              {"POST", "/run", ask_run},
              {"POST", "/search", ask_search}};

static enum MHD_Result find_answer(const Request *request)
{
    const ServerPage *page = &request->server->page;
    for (size_t r = 0; r < sizeof routes / sizeof routes[0] && request->server->folder != NULL; r++)
        if (strcmp(request->path, routes[r].path) == 0 && strcmp(request->method, routes[r].method) == 0)
            return routes[r].answer(request);
    for (size_t f = 0; f < page->count; f++)
        if (strcmp(request->path, page->files[f].path) == 0 && strcmp(request->method, "GET") == 0)
            return reply_file(request->connection, page->policy, &page->files[f]);
    return reply_problem(request->connection, MHD_HTTP_NOT_FOUND, "there is nothing here");
}

static enum MHD_Result refuse_repeated(const Request *request, const char *name)
{
    char problem[80];
    snprintf(problem, sizeof problem, "the header %s may occur only once", name);
    return reply_problem(request->connection, MHD_HTTP_BAD_REQUEST, problem);
}

static enum MHD_Result answer(const Request *request)
{
    const Guard *guard = &request->server->guard;
    const char *host = header(request, "Host");
    const bool changes = strcmp(request->method, "POST") == 0;
    const char *repeated = headers_repeated(request->connection);
    if (repeated != NULL)
        return refuse_repeated(request, repeated);
    if (!guard_host_allowed(guard, host))
        return reply_problem(request->connection, MHD_HTTP_FORBIDDEN,
                             "this name is not one of this server's; use the address that was printed");
    if (!guard_origin_allowed(header(request, "Origin"), host))
        return reply_problem(request->connection, MHD_HTTP_FORBIDDEN, "pages from elsewhere may not ask");
    if (!changes && strcmp(request->method, "GET") != 0)
        return reply_problem(request->connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET, HEAD and POST are understood");
    if (headers_announce_body(request->connection))
        return reply_problem(request->connection, MHD_HTTP_CONTENT_TOO_LARGE, "a request has no body here");
    if (changes && !guard_token_right(guard, header(request, HEADERS_TOKEN)))
        return reply_problem(request->connection, MHD_HTTP_FORBIDDEN,
                             "the header " HEADERS_TOKEN " does not hold this server's token");
    return find_answer(request);
}

static double clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int descriptor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info != NULL ? info->connect_fd : VISITORS_NOBODY;
}

/* Called by the HTTP library for each request, at once behind its headers: that is all of it. */
/* NOLINTBEGIN(readability-non-const-parameter): the library's type */
static enum MHD_Result take_up(void *user, struct MHD_Connection *connection, const char *path, const char *method,
                               const char *version, const char *body, size_t *body_size, void **state)
/* NOLINTEND(readability-non-const-parameter) */
{
    (void)version;
    (void)body;
    (void)body_size;
    (void)state;
    /* HEAD is GET whose body the library keeps back. */
    WatchServer *server = user;
    visitors_ask(&server->visitors, descriptor_of(connection), clock_now());
    const Request request = {user, connection, strcmp(method, "HEAD") == 0 ? "GET" : method, path};
    return answer(&request);
}

/* The HTTP library closes the connection when it next looks at it. */
static void end_connection(int descriptor)
{
    if (descriptor != VISITORS_NOBODY)
        (void)shutdown(descriptor, SHUT_RDWR); /* the client may have closed it already */
}

/* Called by the HTTP library when a connection begins and ends. */
static void note_connection(void *user, struct MHD_Connection *connection, void **state,
                            enum MHD_ConnectionNotificationCode code)
{
    WatchServer *server = user;
    const int descriptor = descriptor_of(connection);
    (void)state;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        visitors_leave(&server->visitors, descriptor);
        return;
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    end_connection(visitors_enter(&server->visitors, descriptor, info != NULL ? info->client_addr : NULL, clock_now()));
}

/* In place of decoding %XX: the path is compared as it was sent. */
static size_t keep_as_is(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user;
    (void)connection;
    return strlen(text);
}

/* ---- The server ------------------------------------------------------------------------------------------------------ */

static void write_url(WatchServer *server, unsigned port)
{
    const bool six = strchr(server->guard.address, ':') != NULL;
    const char *own = six ? "::1" : "127.0.0.1";
    snprintf(server->url, sizeof server->url, six ? "http://[%s]:%u/" : "http://%s:%u/",
             server->guard.any ? own : server->guard.address, port);
}

static percept_status start_daemon(WatchServer *server, int descriptor, percept_error *error)
{
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, take_up, server, MHD_OPTION_LISTEN_SOCKET, descriptor,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(VISITORS_MOST + VISITORS_LEAVING), MHD_OPTION_CONNECTION_TIMEOUT,
        SILENT_SECONDS, MHD_OPTION_NOTIFY_CONNECTION, note_connection, server, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, keep_as_is, NULL,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    if (server->daemon != NULL)
        return PERCEPT_OK;
    close(descriptor);
    return error_set(error, PERCEPT_ERROR_IO, "the server at %s could not be started", server->url);
}

percept_status watch_server_start(const char *folder, const ServerPage *page, const char *host, unsigned port,
                                  WatchServer **out, percept_error *error)
{
    WatchServer *server = NULL;
    int descriptor = -1;
    percept_status status = memory_allocate_zeroed(1, sizeof *server, "the server", &server, error);
    if (status != PERCEPT_OK)
        return status;
    server->page = folder != NULL ? (ServerPage){page_files, page_file_count, REPLY_POLICY} : *page;
    if (folder != NULL)
        status = memory_copy_string(folder, &server->folder, error);
    if (status == PERCEPT_OK)
        status = guard_create(host, &server->guard, error);
    if (status == PERCEPT_OK)
        status = watch_listen(server->guard.address, &port, &descriptor, error);
    if (status == PERCEPT_OK) {
        write_url(server, port);
        status = start_daemon(server, descriptor, error);
    }
    if (status == PERCEPT_OK)
        *out = server;
    else
        watch_server_stop(server);
    return status;
}

void watch_server_stop(WatchServer *server)
{
    if (server == NULL)
        return;
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    memory_free(server->folder);
    memory_free(server);
}

percept_status watch_server_work(WatchServer *server, percept_error *error)
{
    const double now = clock_now();
    for (int late = visitors_overdue(&server->visitors, now); late != VISITORS_NOBODY;
         late = visitors_overdue(&server->visitors, now))
        end_connection(late);
    if (MHD_run_wait(server->daemon, PATIENCE) == MHD_YES)
        return PERCEPT_OK;
    return error_set(error, PERCEPT_ERROR_IO, "the server at %s ended unasked", server->url);
}

const char *watch_server_url(const WatchServer *server)
{
    return server->url;
}

bool watch_server_private(const WatchServer *server)
{
    return server->guard.loopback;
}
