/* A study. One that is taken has runs that folders can be called after, and what is written of it is the same study. */
#include "study/study_file.h"

#include "base/file.h"
#include "study/part_kinds.h"

#include "fuzz.h"

static void check_runs(const Study *study)
{
    fuzz_assert(study->run_count <= 1000);
    for (size_t r = 0; r < study->run_count; r++) {
        const StudyRun *run = &study->runs[r];
        fuzz_assert(run->recipe != NULL && run->group != NULL &&
                    strncmp(run->name, run->group, strlen(run->group)) == 0);
        fuzz_assert(strpbrk(run->name, "/,\"\n") == NULL && run->name[0] != '.' && strlen(run->name) <= 100);
        fuzz_assert(run->name[0] != '\0' || study->run_count == 1);
        for (size_t other = 0; other < r && r < 64; other++)
            fuzz_assert(strcmp(run->name, study->runs[other].name) != 0);
    }
}

/* Parts that are no part are refused, and the others found. */
static void check_parts(Study *study)
{
    const StudyWork work = {.study = study};
    percept_error error = {PERCEPT_OK, ""};
    const percept_status status = parts_check(&work, &error);
    if (status != PERCEPT_OK)
        fuzz_check_failure(status, &error);
}

static void check_same(const Study *study, const Study *again)
{
    fuzz_assert(study->changes.count == again->changes.count && study->run_count == again->run_count);
    for (size_t i = 0; i < study->changes.count; i++)
        fuzz_assert(strcmp(study->changes.items[i], again->changes.items[i]) == 0);
    fuzz_assert((study->only == NULL) == (again->only == NULL));
    fuzz_assert(study->only == NULL || strcmp(study->only, again->only) == 0);
    for (size_t r = 0; r < study->run_count; r++)
        fuzz_assert(strcmp(study->runs[r].name, again->runs[r].name) == 0 &&
                    study->runs[r].wanted == again->runs[r].wanted);
}

static void check_written(const Study *study)
{
    char path[64];
    Study *again = NULL;
    percept_error error = {PERCEPT_OK, ""};
    snprintf(path, sizeof path, "%s/percept-fuzz-study-%ld.yaml", file_exists("/dev/shm") ? "/dev/shm" : "/tmp",
             (long)getpid()); /* a file in memory, where there is one: nobody waits for a disk */
    fuzz_assert(study_write(study, path, &error) == PERCEPT_OK);
    const percept_status status = study_open(path, NULL, 0, &again, &error);
    unlink(path);
    if (status != PERCEPT_OK)
        fprintf(stderr, "%s\n", error.message);
    fuzz_assert(status == PERCEPT_OK);
    check_same(study, again);
    study_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const changes[] = {"seed=4", "name=it's"};
    FuzzFile file;
    percept_error error = {PERCEPT_OK, ""};
    Study *study = NULL;
    char *about = NULL;

    fuzz_file_open(&file, bytes, size);
    percept_status status = study_about(file.path, &about, &error);
    if (status != PERCEPT_OK)
        fuzz_check_failure(status, &error);
    memory_free(about);
    status = study_open(file.path, changes, size % 3 /* none, one or both */, &study, &error);
    fuzz_file_close(&file);
    if (status != PERCEPT_OK) {
        fuzz_check_failure(status, &error);
        fuzz_assert(study == NULL);
        return 0;
    }
    check_runs(study);
    check_parts(study);
    check_written(study);
    study_free(study);
    return 0;
}
