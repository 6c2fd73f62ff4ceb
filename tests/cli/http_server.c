/* An HTTP server that serves one file, well or badly, to the tests of downloads: on 127.0.0.1 alone, one connection at a
 * time, for ten minutes or 500 requests at most.
 *
 *   http_server FILE LOG
 *
 * Its first line on standard output is its port. Each request becomes a line of LOG: path, then the Range asked for or
 * "-". The first word of the path says how FILE is served; what follows does not matter.
 *
 *   /plain      as asked for, ranges too
 *   /whole      without ranges: always all of it
 *   /drop       half of what was asked for, then the connection breaks; of less than 2,000 bytes all
 *   /cut        without ranges, half, then the connection breaks
 *   /stall      without a range: half, then nothing for as long as the client waits (a minute at most)
 *   /wrong      with one byte changed
 *   /stale      wrong in its first half if asked for all of it, right if asked for a range
 *   /short      its first half, as if that were all
 *   /long       all of it, but 100 bytes more are promised
 *   /huge       a petabyte is promised
 *   /endless    without a length, zeros as long as anybody listens (10 MB)
 *   /other      another range than the one asked for
 *   /redirect   to /plain
 *   /loop       to itself
 *   /local      to file:///etc/hostname
 *   /busy       503 to the first request, then as asked for
 *   /broken     503 always
 *   /missing    404
 *   /silent     the connection is closed without a word
 *   /mute       nothing for as long as the client waits (a minute at most)
 *   /garbage    bytes that are no HTTP */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define MOST_SECONDS 600
#define MOST_REQUESTS 500
#define PATIENCE 60 /* seconds that a client may say nothing */
#define MOST_BYTES ((size_t)1 << 26)
#define SMALL 2000

typedef struct Server {
    uint8_t bytes[MOST_BYTES];
    size_t size;
    size_t busy_requests;
    int connection;
    uint16_t port;
} Server;

typedef struct Request {
    char path[256];
    bool ranged;
    size_t begin;
} Request;

static void send_bytes(const Server *server, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        const ssize_t sent = send(server->connection, at, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        at += sent;
        size -= (size_t)sent;
    }
}

static void send_text(const Server *server, const char *text)
{
    send_bytes(server, text, strlen(text));
}

/* Status line and headers of an answer with a body; `range` < 0 for one that is not a range. */
static void send_head(const Server *server, unsigned long long length, long long range)
{
    char text[512];
    if (range < 0)
        snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %llu\r\nConnection: close\r\n\r\n", length);
    else
        snprintf(text, sizeof text,
                 "HTTP/1.1 206 Partial Content\r\nContent-Length: %llu\r\nContent-Range: bytes %lld-%zu/%zu\r\n"
                 "Connection: close\r\n\r\n",
                 length, range, server->size - 1, server->size);
    send_text(server, text);
}

/* As asked for, but at most `most` bytes of the body are sent. */
static void serve(const Server *server, const Request *request, size_t most)
{
    const size_t begin = request->ranged ? request->begin : 0;
    if (begin >= server->size) {
        send_text(server, "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
    }
    const size_t length = server->size - begin;
    send_head(server, length, request->ranged ? (long long)begin : -1);
    send_bytes(server, server->bytes + begin, length < most ? length : most);
}

/* ---- The ways to serve --------------------------------------------------------------------------------------------- */

static void serve_plain(Server *server, const Request *request)
{
    serve(server, request, SIZE_MAX);
}

static void serve_whole(Server *server, const Request *request)
{
    (void)request;
    serve(server, &(Request){.ranged = false}, SIZE_MAX);
}

static void serve_drop(Server *server, const Request *request)
{
    const size_t begin = request->ranged && request->begin < server->size ? request->begin : 0;
    const size_t left = server->size - begin;
    serve(server, request, left < SMALL ? left : left / 2);
}

static void serve_cut(Server *server, const Request *request)
{
    (void)request;
    serve(server, &(Request){.ranged = false}, server->size / 2);
}

static void serve_stall(Server *server, const Request *request)
{
    char rest[256];
    if (request->ranged) {
        serve(server, request, SIZE_MAX);
        return;
    }
    serve(server, request, server->size / 2);
    (void)!recv(server->connection, rest, sizeof rest, 0);
}

/* The byte in the middle is changed while this is served. */
static void serve_wrong(Server *server, const Request *request)
{
    server->bytes[server->size / 2] ^= 0x20;
    serve(server, request, SIZE_MAX);
    server->bytes[server->size / 2] ^= 0x20;
}

static void serve_stale(Server *server, const Request *request)
{
    if (request->ranged) {
        serve(server, request, SIZE_MAX);
        return;
    }
    server->bytes[server->size / 4] ^= 0x20;
    serve(server, request, server->size / 2);
    server->bytes[server->size / 4] ^= 0x20;
}

static void serve_short(Server *server, const Request *request)
{
    (void)request;
    send_head(server, server->size / 2, -1);
    send_bytes(server, server->bytes, server->size / 2);
}

static void serve_long(Server *server, const Request *request)
{
    if (request->ranged) {
        serve(server, request, SIZE_MAX);
        return;
    }
    send_head(server, server->size + 100, -1);
    send_bytes(server, server->bytes, server->size);
}

static void serve_huge(Server *server, const Request *request)
{
    (void)request;
    send_head(server, 1000000000000000ULL, -1);
    send_bytes(server, server->bytes, server->size);
}

static void serve_endless(Server *server, const Request *request)
{
    static const uint8_t zeros[1 << 16];
    (void)request;
    send_text(server, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    for (size_t i = 0; i < 160; i++)
        send_bytes(server, zeros, sizeof zeros);
}

static void serve_other(Server *server, const Request *request)
{
    if (!request->ranged) {
        serve_cut(server, request);
        return;
    }
    send_head(server, server->size, 0);
    send_bytes(server, server->bytes, server->size);
}

static void redirect(const Server *server, const char *place)
{
    char text[512];
    snprintf(text, sizeof text, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
             place);
    send_text(server, text);
}

static void serve_redirect(Server *server, const Request *request)
{
    char place[128];
    (void)request;
    snprintf(place, sizeof place, "http://127.0.0.1:%u/plain/after", server->port);
    redirect(server, place);
}

static void serve_loop(Server *server, const Request *request)
{
    redirect(server, request->path);
}

static void serve_local(Server *server, const Request *request)
{
    (void)request;
    redirect(server, "file:///etc/hostname");
}

static void serve_broken(Server *server, const Request *request)
{
    (void)request;
    send_text(server, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy");
}

static void serve_busy(Server *server, const Request *request)
{
    if (server->busy_requests++ == 0)
        serve_broken(server, request);
    else
        serve_plain(server, request);
}

static void serve_missing(Server *server, const Request *request)
{
    (void)request;
    send_text(server, "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\nConnection: close\r\n\r\nnothing");
}

static void serve_silent(Server *server, const Request *request)
{
    (void)server;
    (void)request;
}

static void serve_mute(Server *server, const Request *request)
{
    char rest[256];
    (void)request;
    (void)!recv(server->connection, rest, sizeof rest, 0);
}

static void serve_garbage(Server *server, const Request *request)
{
    (void)request;
    send_text(server, "SSH-2.0-none\r\nthis is no HTTP\r\n\r\n");
}

static const struct {
    const char *name;
    void (*serve)(Server *server, const Request *request);
} ways[] = {{"plain", serve_plain},       {"whole", serve_whole},     {"drop", serve_drop},
            {"cut", serve_cut},           {"stall", serve_stall},     {"wrong", serve_wrong},
            {"stale", serve_stale},       {"short", serve_short},     {"long", serve_long},
            {"huge", serve_huge},         {"endless", serve_endless}, {"other", serve_other},
            {"redirect", serve_redirect}, {"loop", serve_loop},       {"local", serve_local},
            {"busy", serve_busy},         {"broken", serve_broken},   {"missing", serve_missing},
            {"silent", serve_silent},     {"garbage", serve_garbage}, {"mute", serve_mute}};

/* ---- Requests ------------------------------------------------------------------------------------------------------ */

/* Reads up to the empty line; false if the client went away. */
static bool read_request(const Server *server, Request *out)
{
    char text[4096];
    size_t length = 0;
    while (length + 1 < sizeof text) {
        const ssize_t got = recv(server->connection, text + length, sizeof text - 1 - length, 0);
        if (got <= 0)
            return false;
        length += (size_t)got;
        text[length] = '\0';
        if (strstr(text, "\r\n\r\n") != NULL)
            break;
    }
    *out = (Request){.ranged = false};
    if (strncmp(text, "GET ", 4) != 0)
        return false;
    snprintf(out->path, sizeof out->path, "%.*s", (int)strcspn(text + 4, " \r\n"), text + 4);
    const char *range = strcasestr(text, "\r\nRange: bytes=");
    out->ranged = range != NULL;
    out->begin = range != NULL ? strtoul(range + strlen("\r\nRange: bytes="), NULL, 10) : 0;
    return true;
}

static void answer(Server *server, const char *log_path)
{
    Request request;
    if (!read_request(server, &request))
        return;
    FILE *log = fopen(log_path, "a");
    if (log != NULL) {
        if (request.ranged)
            fprintf(log, "%s %zu\n", request.path, request.begin);
        else
            fprintf(log, "%s -\n", request.path);
        fclose(log);
    }
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++) {
        const size_t length = strlen(ways[w].name);
        if (strncmp(request.path + 1, ways[w].name, length) == 0 && request.path[1 + length] == '/')
            ways[w].serve(server, &request);
    }
}

static bool read_file(const char *path, Server *server)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    server->size = fread(server->bytes, 1, MOST_BYTES, file);
    fclose(file);
    return server->size > 0;
}

int main(int argc, char **argv)
{
    static Server server;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (argc != 3 || !read_file(argv[1], &server))
        return 2;
    alarm(MOST_SECONDS);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return 1;
    server.port = ntohs(address.sin_port);
    printf("%u\n", server.port);
    fflush(stdout);
    for (size_t n = 0; n < MOST_REQUESTS; n++) {
        const struct timeval patience = {.tv_sec = PATIENCE};
        server.connection = accept(listener, NULL, NULL);
        if (server.connection < 0)
            break;
        (void)setsockopt(server.connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        (void)setsockopt(server.connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        answer(&server, argv[2]);
        /* Says that no more will come, and waits until the other side has closed: a reset would lose bytes. */
        char rest[256];
        (void)shutdown(server.connection, SHUT_WR);
        while (recv(server.connection, rest, sizeof rest, 0) > 0)
            continue;
        close(server.connection);
    }
    return 0;
}
