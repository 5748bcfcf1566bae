#ifndef CSQLITEEXTRAS_H
#define CSQLITEEXTRAS_H

struct sqlite3;

/// Has SQLite, in this process and from now on, write each page to a log together
/// with the page's header, in one call and no more in two.
///
/// Returns 0, or SQLite's error; then all is as it was.
int log_frames_join(void);

/// Whether all that a connection writes to its log is the change that is being
/// committed, and may be written at once. To be ended as soon as SQLite has
/// committed it or has not, on the same thread.
void log_commits(struct sqlite3 *connection, int is_committing);

/// Has SQLite not keep count of the memory that it uses, behind a lock each time.
/// Before anything else of it is used; afterwards it does nothing.
///
/// Returns 0, or SQLite's error.
int memory_uncounted(void);

/// Has what was written to the file of a connection's database so far survive
/// a power cut. To open the file a second time for that would let go of SQLite's
/// locks on it.
///
/// Returns 0, or SQLite's error.
int database_file_sync(struct sqlite3 *connection);

/// Has a connection keep everybody from writing to the table of the schema. Some
/// systems' SQLite does from the beginning.
///
/// Returns 0, or SQLite's error.
int schema_defend(struct sqlite3 *connection);

#endif
