// SQLite writes each page to its log as two pieces, the page's header and the
// page, and the system call for a piece takes longer than all else that is done
// for it. Here a header waits for its page, which SQLite writes next; and while a
// change is committed, its pages wait for the last one, which says so in its
// header. Then all go to the file together.
//
// No page waits at any other time: what waited while a change is taken back would
// be written later, over what others wrote meanwhile. With the last page of a
// change everything is in the file, before SQLite syncs it or tells anyone. Only
// the change itself may read before that what it wrote: a commit that moves
// pages does, where a database is kept small that way.
//
// Source: https://www.sqlite.org/fileformat2.html, “WAL File Format”, and
// https://www.sqlite.org/vfs.html.

#include "CSQLiteExtras.h"
#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

// Of a page in the log: its number, and then the pages that the file has after
// the change, which is 0 for all pages of a change but its last.
enum { header_size = 24, commit_size_at = 4, commit_size_end = 8 };

// What waits, at most: the largest page and its header, or more of smaller ones.
enum { room = 72 * 1024 };

struct log_file {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *usual;
    unsigned char *waiting;
    sqlite3_int64 waiting_at;
    int waiting_count;
    // Where the last piece ended, written or not.
    sqlite3_int64 end;
    // Whether the last piece was the header of a change's last page.
    int is_last;
    // Whether a change is being committed.
    int is_committing;
};

static sqlite3_vfs *usual_vfs;
static sqlite3_vfs joining_vfs;

// What SQLite's own open file has comes first.
static int log_file_at(void) {
    const int step = (int)_Alignof(struct log_file);
    return (usual_vfs->szOsFile + step - 1) / step * step;
}

static struct log_file *log_file(sqlite3_file *file) {
    return (struct log_file *)((char *)file + log_file_at());
}

static int write_waiting(sqlite3_file *file) {
    struct log_file *log = log_file(file);
    int count = log->waiting_count;
    log->waiting_count = 0;
    return count == 0 ? SQLITE_OK : log->usual->xWrite(file, log->waiting, count, log->waiting_at);
}

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at) {
    struct log_file *log = log_file(file);
    int was_last = log->is_last;
    log->is_last = 0;
    if (count == header_size) {
        for (int place = commit_size_at; place < commit_size_end; place++)
            log->is_last |= ((const unsigned char *)bytes)[place] != 0;
    }
    // A header or page that is added, and not one that is written anew because a
    // page before it was.
    int is_added = at == log->end && count <= room;
    log->end = at + count;
    if (!is_added || count > room - log->waiting_count) {
        int code = write_waiting(file);
        if (code != SQLITE_OK) return code;
    }
    if (!is_added) return log->usual->xWrite(file, bytes, count, at);
    if (log->waiting_count == 0) log->waiting_at = at;
    memcpy(log->waiting + log->waiting_count, bytes, (size_t)count);
    log->waiting_count += count;
    int waits = count == header_size || (log->is_committing && !was_last);
    return waits ? SQLITE_OK : write_waiting(file);
}

static int log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at) {
    int code = write_waiting(file);
    return code != SQLITE_OK ? code : log_file(file)->usual->xRead(file, bytes, count, at);
}

static int log_close(sqlite3_file *file) {
    struct log_file *log = log_file(file);
    free(log->waiting);
    file->pMethods = log->usual;
    return log->usual->xClose(file);
}

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *flags_out) {
    (void)vfs;
    int code = usual_vfs->xOpen(usual_vfs, name, file, flags, flags_out);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
    // Where a sector may be torn, SQLite writes pages in pieces of any size.
    sqlite3_file *database = sqlite3_database_file_object(name);
    if ((database->pMethods->xDeviceCharacteristics(database) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) == 0) return code;
    struct log_file *log = log_file(file);
    memset(log, 0, sizeof *log);
    log->waiting = malloc(room);
    // Without it the log is written as usual.
    if (log->waiting == NULL) return code;
    log->end = -1;
    log->usual = file->pMethods;
    log->methods = *file->pMethods;
    // What maps a file into memory is not used for logs, and would go around this.
    log->methods.iVersion = 1;
    log->methods.xWrite = log_write;
    log->methods.xRead = log_read;
    log->methods.xClose = log_close;
    file->pMethods = &log->methods;
    return code;
}

void log_commits(struct sqlite3 *connection, int is_committing) {
    sqlite3_file *file = NULL;
    sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    // Without a log, or with one that is written as usual, there is nothing to do.
    if (file == NULL || file->pMethods == NULL || file->pMethods->xWrite != log_write) return;
    struct log_file *log = log_file(file);
    log->is_committing = is_committing;
    // Of a change that failed.
    log->waiting_count = 0;
}

int log_frames_join(void) {
    if (usual_vfs != NULL) return SQLITE_OK;
    usual_vfs = sqlite3_vfs_find(NULL);
    if (usual_vfs == NULL) return SQLITE_ERROR;
    joining_vfs = *usual_vfs;
    joining_vfs.pNext = NULL;
    joining_vfs.zName = "joining";
    joining_vfs.szOsFile = log_file_at() + (int)sizeof(struct log_file);
    joining_vfs.xOpen = open_file;
    int code = sqlite3_vfs_register(&joining_vfs, 1);
    if (code != SQLITE_OK) usual_vfs = NULL;
    return code;
}
