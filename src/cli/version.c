/* percept version: what this program was made from, and what it runs on. */
#include <jansson.h>
#include <libdeflate.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>
#if defined PERCEPT_WITH_CBLAS
#include <cblas.h>
#endif

#include "base/isa.h"
#include "base/number.h"
#include "base/team.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/message.h"
#include "cli/parser.h"

static const Manual manual = {
    .command = "percept version",
    .example = "percept version --verbose\n",
    .usage = "percept version [FLAG]...\n",
    .text = "Prints the version. --verbose adds what a bug report should contain: compiler,\n"
            "libraries, processor, kernels, threads. --json prints all of it as one object.\n",
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

/* Output: a word and its value. */
typedef struct Fact {
    const char *name;
    char value[512];
} Fact;

enum {
    FACT_COMPILER,
    FACT_BUILD,
    FACT_LIBDEFLATE,
    FACT_LIBYAML,
    FACT_JANSSON,
    FACT_CBLAS,
    FACT_PROCESSOR,
    FACT_KERNELS,
    FACT_THREADS,
    FACTS
};

static const char *const fact_names[FACTS] = {"compiler", "build",     "libdeflate", "libyaml", "jansson",
                                              "cblas",    "processor", "kernels",    "threads"};

static void set(Fact *fact, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void set(Fact *fact, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fact->value, sizeof fact->value, format, arguments);
    va_end(arguments);
}

/* The name of the processor, if the system provides it. */
static void find_processor(Fact *fact)
{
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", strlen("model name")) == 0 && colon != NULL) {
            const char *name = colon + 1 + strspn(colon + 1, " ");
            set(fact, "%.*s", (int)strcspn(name, "\n"), name);
            break;
        }
    }
    fclose(file);
}

static void find_kernels(Fact *fact)
{
    size_t chosen = 0;
    percept_error error;
    if (isa_select(&chosen, &error) != PERCEPT_OK) {
        set(fact, "none: %.400s", error.message);
        return;
    }
    set(fact, "%s", isa_name(chosen));
}

/* What else the processor can do. */
static void print_other_kernels(const char *chosen)
{
    size_t others = 0;
    for (size_t i = 0; i < ISA_COUNT; i++)
        if (isa_supported(i) && strcmp(isa_name(i), chosen) != 0)
            printf("%s %s", others++ == 0 ? "; this processor can also do" : "", isa_name(i));
    if (others > 0)
        fputs(" (PERCEPT_ISA chooses)", stdout);
}

static void find_threads(Fact *fact)
{
    Team *team = NULL;
    if (team_create(0, &team, NULL) == PERCEPT_OK)
        set(fact, "%zu", team_size(team));
    team_free(team);
}

static void find_facts(Fact facts[FACTS])
{
    for (size_t f = 0; f < FACTS; f++)
        facts[f] = (Fact){.name = fact_names[f]};
    set(&facts[FACT_COMPILER], "%s, C%ld", COMPILER, __STDC_VERSION__ / 100 % 100);
    set(&facts[FACT_BUILD], "%s, %s%s", OPTIMIZATION, ASSERTIONS, SANITIZED);
    set(&facts[FACT_LIBDEFLATE], "%s", LIBDEFLATE_VERSION_STRING);
    set(&facts[FACT_LIBYAML], "%s", yaml_get_version_string());
    set(&facts[FACT_JANSSON], "%s", jansson_version_str());
#if defined PERCEPT_WITH_CBLAS
    set(&facts[FACT_CBLAS], "%s, for %s", openblas_get_config(), openblas_get_corename());
#endif
    find_processor(&facts[FACT_PROCESSOR]);
    find_kernels(&facts[FACT_KERNELS]);
    find_threads(&facts[FACT_THREADS]);
}

static void print_details(void)
{
    Fact facts[FACTS];
    find_facts(facts);
    for (size_t f = 0; f < FACTS; f++) {
        if (facts[f].value[0] == '\0')
            continue;
        printf("%-11s %s", facts[f].name, facts[f].value);
        if (f == FACT_KERNELS)
            print_other_kernels(facts[f].value);
        putchar('\n');
    }
}

/* A number where the value is one; null where it is unknown. */
static json_t *json_fact(const Fact *fact)
{
    int64_t number = 0;
    if (fact->value[0] == '\0')
        return json_null();
    return integer_parse(fact->value, &number) == INTEGER_OK ? json_integer(number) : json_words(fact->value);
}

static int print_json(void)
{
    Fact facts[FACTS];
    percept_error error;
    json_t *answer = json_object();
    bool complete = json_object_set_new(answer, "version", json_words(percept_version())) == 0;
    find_facts(facts);
    for (size_t f = 0; f < FACTS; f++)
        complete = json_object_set_new(answer, facts[f].name, json_fact(&facts[f])) == 0 && complete;
    if (!complete) {
        json_decref(answer);
        answer = NULL;
    }
    return json_print(answer, JSON_DIGITS, &error) == PERCEPT_OK ? STATUS_DONE : fail(&error);
}

int command_version(int argc, char **argv)
{
    bool verbose = false, json = false;
    const Option options[] = {
        {"--verbose", NULL, "print everything", option_take_switch, &verbose},
        {"--json", NULL, "print everything as JSON", option_take_switch, &json},
    };
    const Parser parser = {&manual, options, sizeof options / sizeof options[0], NULL, 0};
    const int status = parser_read(&parser, argc, argv);
    if (status != PARSER_GO_ON)
        return status;
    if (json)
        return print_json();
    printf("percept %s\n", percept_version());
    if (verbose)
        print_details();
    return STATUS_DONE;
}
