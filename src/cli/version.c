/* percept version: what this program was made from, and what it runs on. */
#include <cblas.h>
#include <jansson.h>
#include <libdeflate.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/isa.h"
#include "base/team.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/options.h"

static const Manual manual = {
    .command = "percept version",
    .example = "percept version --verbose\n",
    .usage = "percept version [--verbose]\n",
    .text = "Prints the version; with --verbose also what a report of a fault should name:\n"
            "compiler, libraries, processor, chosen kernels, threads.\n",
};

#if defined __clang__
#define COMPILER "clang " __clang_version__
#elif defined __GNUC__
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

#if defined __OPTIMIZE__
#define OPTIMIZATION "optimized"
#else
#define OPTIMIZATION "not optimized"
#endif

#if defined NDEBUG
#define ASSERTIONS "without assertions"
#else
#define ASSERTIONS "with assertions"
#endif

#if defined __SANITIZE_ADDRESS__
#define SANITIZED ", address checks"
#elif defined __SANITIZE_THREAD__
#define SANITIZED ", data-race checks"
#else
#define SANITIZED ""
#endif

/* The processor's own name, where the system tells it. */
static void print_processor(void)
{
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", strlen("model name")) == 0 && colon != NULL) {
            printf("processor   %s", colon + 1 + strspn(colon + 1, " "));
            break;
        }
    }
    fclose(file);
}

static void print_kernels(void)
{
    size_t chosen = 0;
    percept_error error;
    if (isa_select(&chosen, &error) != PERCEPT_OK) {
        printf("kernels     none: %s\n", error.message);
        return;
    }
    printf("kernels     %s; this processor can also do", isa_name(chosen));
    for (size_t i = 0; i < ISA_COUNT; i++)
        if (i != chosen && isa_supported(i))
            printf(" %s", isa_name(i));
    puts(" (PERCEPT_ISA chooses)");
}

static void print_threads(void)
{
    Team *team = NULL;
    if (team_create(0, &team, NULL) == PERCEPT_OK)
        printf("threads     %zu\n", team_size(team));
    team_free(team);
}

static void print_details(void)
{
    printf("compiler    %s, C%ld\n", COMPILER, __STDC_VERSION__ / 100 % 100);
    printf("build       %s, %s%s\n", OPTIMIZATION, ASSERTIONS, SANITIZED);
    printf("libdeflate  %s\n", LIBDEFLATE_VERSION_STRING);
    printf("libyaml     %s\n", yaml_get_version_string());
    printf("jansson     %s\n", jansson_version_str());
    printf("cblas       %s, for %s\n", openblas_get_config(), openblas_get_corename());
    print_processor();
    print_kernels();
    print_threads();
}

int command_version(int argc, char **argv)
{
    bool verbose = false;
    const Option options[] = {{"--verbose", NULL, "everything", option_take_switch, &verbose}};
    const Parser parser = {&manual, options, 1, NULL, 0};
    const int status = parser_read(&parser, argc, argv);
    if (status != PARSER_GO_ON)
        return status;
    printf("percept %s\n", percept_version());
    if (verbose)
        print_details();
    return STATUS_DONE;
}
