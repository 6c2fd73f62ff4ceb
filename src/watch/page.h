/* The files of the page in the folder page/, by the paths that are requested. */
#ifndef WATCH_PAGE_H
#define WATCH_PAGE_H

#include "base/embedded.h"

extern const EmbeddedFile page_files[];
extern const size_t page_file_count;

#endif
