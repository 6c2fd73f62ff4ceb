/* Searches for tests. */
#ifndef TESTS_SEARCHES_H
#define TESTS_SEARCHES_H

#include "spaces.h"

#include "base/file.h"
#include "search/search.h"
#include "store/database.h"

#define DATA "data: {name: moons, examples: 120, split: [80, 20, 20]}\n"

/* What is asked of a search while it runs. */
typedef struct Asked {
    size_t ended, stop_after; /* trials; 0: never */
} Asked;

static inline void note_end(const SearchTrial *trial, void *user)
{
    Asked *asked = user;
    (void)trial;
    asked->ended++;
}

static inline bool is_enough(void *user)
{
    const Asked *asked = user;
    return asked->stop_after > 0 && asked->ended >= asked->stop_after;
}

static inline SearchWatcher watcher_of(Asked *asked)
{
    return (SearchWatcher){.ended = note_end, .interrupted = is_enough, .user = asked};
}

static inline Search *open_search(const char *text, const char *folder, size_t jobs)
{
    Search *search = NULL;
    assert_ok(search_open(make_space(text), folder, false, jobs, &search, error));
    return search;
}

static inline void run_search(Search *search)
{
    Asked asked = {0};
    const SearchWatcher watcher = watcher_of(&asked);
    assert_ok(search_run(search, &watcher, error));
    assert_true(asked.ended >= search_count(search));
}

/* results.csv of a folder, released with memory_free. */
static inline char *read_results(const char *folder)
{
    char *path = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    assert_ok(file_join(folder, SEARCH_RESULTS, &path, error));
    assert_ok(file_read(path, &bytes, &size, error));
    assert_ok(memory_grow(&bytes, size, size + 1, 1, "a text", error));
    bytes[size] = '\0';
    memory_free(path);
    return (char *)bytes;
}

static const char *const spaces[] = {
    DATA "train: {epochs: 9, optimizer: sgd}\n"
         "search: {strategy: halving, trials: 12, repeats: 2, halving: {least_epochs: 1, reduction: 3}}\n"
         "space:\n"
         "  train.learning_rate: {low: 0.01, high: 30, scale: log}\n"
         "  model.hidden: {depth: [0, 1, 2], width: {low: 2, high: 12}}\n",
    DATA "train: {epochs: 6, optimizer: sgd, patience: 2}\n"
         "search: {strategy: tpe, trials: 16, objective: valid_loss, tpe: {startup: 4}}\n"
         "space:\n"
         "  train.learning_rate: {low: 0.01, high: 1, scale: log}\n"
         "  train.batch_size: [8, 16, 40]\n"
         "conditions: [train.batch_size < 40 or train.learning_rate > 0.1]\n",
    DATA "train: {epochs: 4, optimizer: sgd}\n"
         "search: {strategy: grid, repeats: 3, metric: median}\n"
         "space:\n"
         "  train.learning_rate: [0.01, 0.1, 1]\n"
         "  model.layers: [2-4-2, [2, 8, 2]]\n",
};

#endif
