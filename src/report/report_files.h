/* The style sheet and the script of reports, in the folder page/. */
#ifndef REPORT_REPORT_FILES_H
#define REPORT_REPORT_FILES_H

#include "base/embedded.h"

extern const EmbeddedFile report_files[];
extern const size_t report_file_count;

#endif
