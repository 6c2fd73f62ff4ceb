#include "data/foreign.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MESSAGE_SIZE 201
/* Names longer than this are not put into the command, which must stay short. */
#define LONGEST_NAME 24

/* A format. Commands: $ is the file, @ its name without the ending. */
typedef struct Foreign {
    const char *what;                             /* "an Excel workbook" */
    const char *ending;                           /* of names; NULL: none tells it */
    size_t offset;                                /* where the magic bytes are */
    const char *magic;                            /* NULL: none */
    size_t length;                                /* of the magic bytes */
    bool (*test)(const char *start, size_t size); /* instead of magic bytes, or besides */
    const char *command;                          /* that makes a file which is read here */
    bool text; /* its beginning is text; the bytes of all others hold control characters */
} Foreign;

#define MAGIC(text) .magic = (text), .length = sizeof(text) - 1
#define PANDAS(call) "python3 -c \"import pandas; pandas." call ".to_csv('@.csv', index=False)\""

/* ---- Tests --------------------------------------------------------------------------------------------------- */

static bool contains(const char *start, size_t size, const char *text)
{
    return memmem(start, size, text, strlen(text)) != NULL;
}

static const char *skip_space(const char *start, size_t *size)
{
    while (*size > 0 && strchr(" \t\r\n", *start) != NULL) {
        start++;
        --*size;
    }
    return start;
}

static bool begins(const char *start, size_t size, const char *text)
{
    start = skip_space(start, &size);
    return size >= strlen(text) && strncasecmp(start, text, strlen(text)) == 0;
}

static bool is_workbook(const char *start, size_t size)
{
    return contains(start, size, "xl/") || contains(start, size, "[Content_Types].xml");
}

static bool is_open_document(const char *start, size_t size)
{
    return contains(start, size, "opendocument.spreadsheet");
}

static bool is_torch(const char *start, size_t size)
{
    return contains(start, size, "/data.pkl");
}

/* A zip archive of anything but arrays. */
static bool is_archive(const char *start, size_t size)
{
    return !contains(start, size, ".npy");
}

/* Two objects on two lines. */
static bool is_json_lines(const char *start, size_t size)
{
    const char *text = skip_space(start, &size);
    const char *line = size > 0 && *text == '{' ? memchr(text, '\n', size) : NULL;
    if (line == NULL || line == text + 1)
        return false;
    size_t rest = size - (size_t)(line - text);
    text = skip_space(line, &rest);
    return rest > 0 && *text == '{';
}

static bool is_json(const char *start, size_t size)
{
    const char *text = skip_space(start, &size);
    if (size < 2 || (*text != '{' && *text != '['))
        return false;
    const char first = *text;
    size--;
    text = skip_space(text + 1, &size);
    return size > 0 && strchr(first == '{' ? "\"}" : "[{", *text) != NULL;
}

/* "@relation" begins a line. */
static bool is_arff(const char *start, size_t size)
{
    for (const char *end = start + size; start < end; start++) {
        if (begins(start, (size_t)(end - start), "@relation"))
            return true;
        start = memchr(start, '\n', (size_t)(end - start));
        if (start == NULL)
            return false;
    }
    return false;
}

static bool is_html(const char *start, size_t size)
{
    return begins(start, size, "<!doctype html") || begins(start, size, "<html");
}

static bool is_xml(const char *start, size_t size)
{
    return begins(start, size, "<?xml");
}

/* Protocols 2 to 5. */
static bool is_pickle(const char *start, size_t size)
{
    return size > 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5;
}

/* Text of two bytes a character: a mark, or every second byte is 0. */
static bool is_utf16(const char *start, size_t size)
{
    if (size >= 2 && (memcmp(start, "\xFF\xFE", 2) == 0 || memcmp(start, "\xFE\xFF", 2) == 0))
        return true;
    const size_t looked = size < 64 ? size : 64;
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < looked; i++)
        zeros[i % 2] += start[i] == '\0';
    return looked >= 8 &&
           ((zeros[0] == 0 && zeros[1] == looked / 2) || (zeros[1] == 0 && zeros[0] == (looked + 1) / 2));
}

static bool has_control(const char *start, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)start[i] < '\t' || ((unsigned char)start[i] > '\r' && (unsigned char)start[i] < ' '))
            return true;
    return false;
}

/* ---- The table ------------------------------------------------------------------------------------------------- */

static const Foreign table[] = {
    {"a Parquet file", ".parquet", MAGIC("PAR1"), .command = PANDAS("read_parquet('$')")},
    {"a Feather file", ".feather", MAGIC("ARROW1"), .command = PANDAS("read_feather('$')")},
    {"a Feather file", ".arrow", MAGIC("FEA1"), .command = PANDAS("read_feather('$')")},
    {"an ORC file", ".orc", MAGIC("ORC"), .command = PANDAS("read_orc('$')")},
    {"an Excel workbook", ".xlsx", MAGIC("PK\3\4"), .test = is_workbook, .command = PANDAS("read_excel('$')")},
    {"an OpenDocument spreadsheet", ".ods", MAGIC("PK\3\4"), .test = is_open_document,
     .command = PANDAS("read_excel('$')")},
    {"an Excel workbook", ".xls", MAGIC("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), .command = PANDAS("read_excel('$')")},
    {"a PyTorch file", ".pt", MAGIC("PK\3\4"), .test = is_torch,
     .command = "python3 -c \"import torch, numpy; d = torch.load('$'); numpy.savez('@.npz', x=d['x'], y=d['y'])\""},
    {"a zip archive", ".zip", MAGIC("PK\3\4"), .test = is_archive, .command = "unzip $"},
    {"a file of JSON lines", ".jsonl", .test = is_json_lines, .command = PANDAS("read_json('$', lines=True)"),
     .text = true},
    {"a JSON file", ".json", .test = is_json, .command = PANDAS("read_json('$')"), .text = true},
    {"an ARFF file (Weka)", ".arff", .test = is_arff, .command = "sed '/^[@%]/d' $ > @.csv", .text = true},
    {"a pickle", ".pkl", .test = is_pickle, .command = PANDAS("read_pickle('$')")},
    {"a pickle", ".pickle", .command = PANDAS("read_pickle('$')")},
    {"a SAS file", ".sas7bdat", .offset = 12, MAGIC("\xC2\xEA\x81\x60\xB3\x14\x11\xCF"),
     .command = PANDAS("read_sas('$')")},
    {"a SAS transport file", ".xpt", MAGIC("HEADER RECORD*******"), .command = PANDAS("read_sas('$')"), .text = true},
    {"an SPSS file", ".sav", MAGIC("$FL"), .command = PANDAS("read_spss('$')")},
    {"a Stata file", ".dta", MAGIC("<stata_dta>"), .command = PANDAS("read_stata('$')"), .text = true},
    {"a MATLAB 7.3 file", NULL, MAGIC("MATLAB 7.3"),
     .command =
         "python3 -c \"import h5py, numpy; f = h5py.File('$'); numpy.savez('@.npz', x=f['x'][:].T, y=f['y'][:])\""},
    {"a MATLAB file", ".mat", MAGIC("MATLAB "),
     .command = "python3 -c \"import scipy.io as s, numpy; m = s.loadmat('$'); numpy.savez('@.npz', x=m['x'], "
                "y=m['y'][:, 0])\""},
    {"an HDF5 file", ".h5", MAGIC("\x89HDF\r\n\x1a\n"),
     .command = "python3 -c \"import h5py, numpy; f = h5py.File('$'); numpy.savez('@.npz', x=f['x'], y=f['y'])\""},
    {"an HDF5 file", ".hdf5",
     .command = "python3 -c \"import h5py, numpy; f = h5py.File('$'); numpy.savez('@.npz', x=f['x'], y=f['y'])\""},
    {"an R data file", ".rds", MAGIC("X\n\0\0\0"),
     .command = "Rscript -e \"write.csv(readRDS('$'), '@.csv', row.names=FALSE)\""},
    {"an R workspace", ".rdata", MAGIC("RDX"),
     .command = "Rscript -e \"write.csv(get(load('$')), '@.csv', row.names=FALSE)\""},
    {"an R workspace", ".rda", .command = "Rscript -e \"write.csv(get(load('$')), '@.csv', row.names=FALSE)\""},
    {"an SQLite database", ".sqlite", MAGIC("SQLite format 3"),
     .command = "sqlite3 -header -csv $ 'select * from TABLE' > @.csv"},
    {"a PDF document", ".pdf", MAGIC("%PDF-"), .command = "pdftotext -layout $", .text = true},
    {"a web page, perhaps an error message of a download", ".html", .test = is_html,
     .command = PANDAS("read_html('$')[0]"), .text = true},
    {"an XML file", ".xml", .test = is_xml, .command = PANDAS("read_xml('$')"), .text = true},
    {"compressed with bzip2", ".bz2", MAGIC("BZh"), .command = "bunzip2 $"},
    {"compressed with xz", ".xz",
     MAGIC("\xFD"
           "7zXZ"),
     .command = "unxz $"},
    {"compressed with zstd", ".zst", MAGIC("\x28\xB5\x2F\xFD"), .command = "unzstd $"},
    {"compressed with lz4", ".lz4", MAGIC("\x04\x22\x4D\x18"), .command = "unlz4 $"},
    {"a 7-zip archive", ".7z", MAGIC("7z\xBC\xAF"), .command = "7z x $"},
    {"a tar archive", ".tar", .offset = 257, MAGIC("ustar"), .command = "tar -xf $"},
    {"a pointer of Git LFS, not the file itself", NULL, MAGIC("version https://git-lfs"), .command = "git lfs pull",
     .text = true},
    {"a JPEG picture", ".jpg", MAGIC("\xFF\xD8\xFF"), .command = "convert $ @.png, in a folder named after its class"},
    {"a model, not data", ".safetensors", .command = "percept evaluate $ --data FILE"},
    {"text in UTF-16", NULL, .test = is_utf16, .command = "iconv -f UTF-16 -t UTF-8 $ > @-utf8.csv"},
};

#define FORMATS (sizeof table / sizeof table[0])

/* ---- Messages -------------------------------------------------------------------------------------------------- */

/* Copies the command with the file's name in it. */
static void write_command(const char *command, const char *name, char *text, size_t size)
{
    const char *dot = strrchr(name, '.');
    const int stem = (int)(dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name));
    size_t used = 0;
    for (; *command != '\0' && used + 1 < size; command++) {
        const int written = *command == '$'   ? snprintf(text + used, size - used, "%s", name)
                            : *command == '@' ? snprintf(text + used, size - used, "%.*s", stem, name)
                                              : snprintf(text + used, size - used, "%c", *command);
        used += written > 0 ? (size_t)written : 0;
    }
}

static percept_status refuse(const Foreign *format, const char *path, percept_error *error)
{
    char command[MESSAGE_SIZE] = "", message[2 * MESSAGE_SIZE], placeholder[32];
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    snprintf(placeholder, sizeof placeholder, "FILE%s", format->ending != NULL ? format->ending : "");
    const bool plain = strlen(name) <= LONGEST_NAME && strpbrk(name, " '\"$`\\") == NULL;
    write_command(format->command, plain ? name : placeholder, command, sizeof command);
    snprintf(message, sizeof message, "'%.*s' is %s; to convert it: %s", LONGEST_NAME + 8, name, format->what, command);
    return error_set(error, PERCEPT_ERROR_FORMAT, "%s", message);
}

percept_status foreign_refuse_content(const char *path, const char *start, size_t size, percept_error *error)
{
    const bool control = has_control(start, size);
    for (size_t f = 0; f < FORMATS; f++) {
        const Foreign *format = &table[f];
        if ((format->magic == NULL && format->test == NULL) || (!format->text && !control))
            continue;
        if (format->magic != NULL && (size < format->offset + format->length ||
                                      memcmp(start + format->offset, format->magic, format->length) != 0))
            continue;
        if (format->test == NULL || format->test(start, size))
            return refuse(format, path, error);
    }
    return PERCEPT_OK;
}

percept_status foreign_refuse_name(const char *path, percept_error *error)
{
    const size_t length = strlen(path);
    for (size_t f = 0; f < FORMATS; f++) {
        const size_t ending = table[f].ending != NULL ? strlen(table[f].ending) : length;
        if (ending < length && strcasecmp(path + length - ending, table[f].ending) == 0)
            return refuse(&table[f], path, error);
    }
    return PERCEPT_OK;
}
