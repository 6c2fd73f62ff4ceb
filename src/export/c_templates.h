/* The functions of exported C, as they stand in the files of src/export/c/. A name with a dollar sign is replaced
 * (c_source.h). */
#ifndef EXPORT_C_TEMPLATES_H
#define EXPORT_C_TEMPLATES_H

#include "base/embedded.h"

/* "/dense.in", … */
extern const EmbeddedFile c_templates[];
extern const size_t c_template_count;

#endif
