// Preloaded into payg (LD_PRELOAD) by the fault tests: numbers every call that
// changes a file or tells something, and does at one of them what disks, power
// cuts and `kill -9` do. Told by the environment:
//
//   FAULTS_PROGRAM  the program it works in; others that are started do as usual
//   FAULTS_LOG      a file that each call is written to: number, name, size, path
//   FAULTS          kill:N   SIGKILL before call N
//                   torn:N   half of the bytes of write N, then SIGKILL
//                   fail:N:E call N fails with errno E, the others do not
//                   full:N   no room from call N on: whatever needs some fails
//                   short:N  as full, but the first write gets half of its bytes in
//                   dead:N   the disk is gone: every call from N on fails with EIO
//   FAULTS_DISK     a folder that gets, at each fsync, what was then made durable:
//                   inode-I for a file, names-I for a folder. What a power cut
//                   would leave is put together from it, and from what is there.
//
// The calls are the C library's: SQLite, Foundation and PrivateFiles all go
// through them, which the tests compare with what strace sees.
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { off, kill_it, torn, fail, full, short_, dead };
// What a call needs: room on the disk, or only that the disk is there.
enum { room, no_room };

static int what = off, at, code, log_fd = -1, is_on;
static const char *disk;
static atomic_int calls;

extern char *program_invocation_short_name;

__attribute__((constructor)) static void begin(void) {
    const char *program = getenv("FAULTS_PROGRAM"), *how = getenv("FAULTS"), *log = getenv("FAULTS_LOG");
    if (program && strcmp(program, program_invocation_short_name)) return;
    is_on = 1;
    disk = getenv("FAULTS_DISK");
    if (log) {
        int fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        // Out of the way of the numbers that the program gets.
        log_fd = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
        syscall(SYS_close, fd);
    }
    static const char *names[] = {"", "kill", "torn", "fail", "full", "short", "dead"};
    char name[8] = "";
    if (how && sscanf(how, "%7[a-z]:%d:%d", name, &at, &code) >= 2)
        for (int i = 1; i < 7; i++)
            if (!strcmp(name, names[i])) what = i;
}

static void die(void) {
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    for (;;) syscall(SYS_pause);
}

static void note(int number, const char *name, long size, int fd, const char *path) {
    if (log_fd < 0) return;
    char link[64], target[512] = "", line[700];
    if (!path && fd >= 0) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        long length = syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1);
        if (length > 0) path = target;
    }
    int length = snprintf(line, sizeof line, "%d %s %ld %s\n", number, name, size, path ? path : "");
    syscall(SYS_write, log_fd, line, length);
}

// Files, folders, and what is told; not the pipes that threads wake each other with.
static int is_counted(int fd) {
    struct stat status;
    if (!is_on) return 0;
    if (fd == 1 || fd == 2) return 1;
    return !fstat(fd, &status) && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static int is_told(int fd) {
    struct stat status;
    return (fd == 1 || fd == 2) && !fstat(fd, &status) && !S_ISREG(status.st_mode);
}

// What to do about one call: 0, or the errno it fails with. `half` is set where
// only half of its bytes are to be written.
static int before(const char *name, long size, int fd, const char *path, int needs, int *half) {
    int number = atomic_fetch_add(&calls, 1) + 1;
    note(number, name, size, fd, path);
    if (number < at || what == off) return 0;
    if (number == at && what == kill_it) die();
    if (number == at && what == torn && half) *half = 1;
    if (number == at && what == fail) return code;
    if (fd >= 0 && is_told(fd)) return 0;
    if (what == dead) return EIO;
    if (what == full && needs == room) return ENOSPC;
    if (what == short_ && needs == room) {
        if (number > at || !half || size < 2) return ENOSPC;
        *half = 1;
    }
    return 0;
}

#define REAL(result, name, ...)                                        \
    static result (*real)(__VA_ARGS__);                                \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define REFUSED(...)                          \
    do {                                      \
        int refusal = before(__VA_ARGS__);    \
        if (refusal) return errno = refusal, -1; \
    } while (0)

// MARK: - What a disk has for certain

// As long as it is open, no other file gets its number.
static void pin(int fd) {
    if (disk && fd >= 0) syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 500);
}

static void keep(int fd) {
    struct stat status;
    char name[512], part[520], bytes[65536];
    if (!disk || fstat(fd, &status)) return;
    int folder = S_ISDIR(status.st_mode);
    snprintf(name, sizeof name, "%s/%s-%lu", disk, folder ? "names" : "inode", (unsigned long)status.st_ino);
    snprintf(part, sizeof part, "%s.part", name);
    int out = syscall(SYS_openat, AT_FDCWD, part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (folder) {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        DIR *listing = opendir(path);
        for (struct dirent *entry; listing && (entry = readdir(listing));) {
            int length = snprintf(bytes, sizeof bytes, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
            syscall(SYS_write, out, bytes, length);
        }
        if (listing) closedir(listing);
    } else {
        long count;
        // The program may have opened it for writing only.
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        int in = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
        for (long place = 0; (count = syscall(SYS_pread64, in, bytes, sizeof bytes, place)) > 0; place += count)
            syscall(SYS_write, out, bytes, count);
        // Left open: closing a file drops the locks that the process has on it.
    }
    syscall(SYS_close, out);
    syscall(SYS_renameat, AT_FDCWD, part, AT_FDCWD, name);
}

// MARK: - Writing

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    int half = 0;
    if (!is_counted(fd)) return real(fd, bytes, size);
    REFUSED("write", size, fd, NULL, room, &half);
    if (!half) return real(fd, bytes, size);
    ssize_t written = real(fd, bytes, size / 2);
    if (what == torn) die();
    return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t place) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    int half = 0;
    if (!is_counted(fd)) return real(fd, bytes, size, place);
    REFUSED("pwrite", size, fd, NULL, room, &half);
    if (!half) return real(fd, bytes, size, place);
    ssize_t written = real(fd, bytes, size / 2, place);
    if (what == torn) die();
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t place) { return pwrite64(fd, bytes, size, place); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    if (is_counted(fd)) REFUSED("writev", count, fd, NULL, room, NULL);
    return real(fd, parts, count);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t place) {
    REAL(ssize_t, "pwritev64", int, const struct iovec *, int, off64_t);
    if (is_counted(fd)) REFUSED("pwritev", count, fd, NULL, room, NULL);
    return real(fd, parts, count, place);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t place) {
    return pwritev64(fd, parts, count, place);
}

ssize_t sendfile64(int to, int from, off64_t *place, size_t size) {
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    if (is_counted(to)) REFUSED("sendfile", size, to, NULL, room, NULL);
    return real(to, from, place, size);
}

ssize_t sendfile(int to, int from, off_t *place, size_t size) { return sendfile64(to, from, place, size); }

ssize_t copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t size, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    if (is_counted(to)) REFUSED("copy_file_range", size, to, NULL, room, NULL);
    return real(from, in, to, out, size, flags);
}

int ftruncate64(int fd, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    if (is_counted(fd)) REFUSED("ftruncate", size, fd, NULL, no_room, NULL);
    return real(fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int truncate64(const char *path, off64_t size) {
    REAL(int, "truncate64", const char *, off64_t);
    if (is_on) REFUSED("truncate", size, -1, path, no_room, NULL);
    return real(path, size);
}

int truncate(const char *path, off_t size) { return truncate64(path, size); }

int fallocate64(int fd, int mode, off64_t place, off64_t size) {
    REAL(int, "fallocate64", int, int, off64_t, off64_t);
    if (is_counted(fd)) REFUSED("fallocate", size, fd, NULL, room, NULL);
    return real(fd, mode, place, size);
}

int fallocate(int fd, int mode, off_t place, off_t size) { return fallocate64(fd, mode, place, size); }

int posix_fallocate64(int fd, off64_t place, off64_t size) {
    REAL(int, "posix_fallocate64", int, off64_t, off64_t);
    if (is_counted(fd)) {
        int refusal = before("posix_fallocate", size, fd, NULL, room, NULL);
        if (refusal) return refusal;
    }
    return real(fd, place, size);
}

int posix_fallocate(int fd, off_t place, off_t size) { return posix_fallocate64(fd, place, size); }

int fsync(int fd) {
    REAL(int, "fsync", int);
    if (!is_counted(fd)) return real(fd);
    REFUSED("fsync", 0, fd, NULL, no_room, NULL);
    int result = disk ? 0 : real(fd);
    if (!result) keep(fd);
    return result;
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    if (!is_counted(fd)) return real(fd);
    REFUSED("fdatasync", 0, fd, NULL, no_room, NULL);
    int result = disk ? 0 : real(fd);
    if (!result) keep(fd);
    return result;
}

// MARK: - Names

static int opened(int fd) {
    pin(fd);
    return fd;
}

static int makes(int flags) { return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE; }

#define OPEN(path, ...)                                                          \
    mode_t mode = 0;                                                             \
    if (makes(flags)) {                                                          \
        va_list rest;                                                            \
        va_start(rest, flags);                                                   \
        mode = va_arg(rest, mode_t);                                             \
        va_end(rest);                                                            \
    }                                                                            \
    if (is_on && (makes(flags) || flags & O_TRUNC)) {                            \
        REFUSED("open", 0, -1, path, room, NULL);                                \
        return opened(real(__VA_ARGS__, flags, mode));                           \
    }                                                                            \
    return real(__VA_ARGS__, flags, mode)

int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...);
    OPEN(path, path);
}

int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    OPEN(path, path);
}

int openat(int folder, const char *path, int flags, ...) {
    REAL(int, "openat", int, const char *, int, ...);
    OPEN(path, folder, path);
}

int openat64(int folder, const char *path, int flags, ...) {
    REAL(int, "openat64", int, const char *, int, ...);
    OPEN(path, folder, path);
}

// The usual shape: one line a call.
#define CALL(result, name, needs, path, parameters, types, arguments)        \
    result name parameters {                                                 \
        static result(*real) types;                                          \
        if (!real) real = (result(*) types)dlsym(RTLD_NEXT, #name);          \
        if (is_on) REFUSED(#name, 0, -1, path, needs, NULL);                 \
        return real arguments;                                               \
    }

CALL(int, creat, room, path, (const char *path, mode_t mode), (const char *, mode_t), (path, mode))
CALL(int, creat64, room, path, (const char *path, mode_t mode), (const char *, mode_t), (path, mode))
CALL(int, rename, room, new, (const char *old, const char *new), (const char *, const char *), (old, new))
CALL(int, renameat, room, new, (int a, const char *old, int b, const char *new),
     (int, const char *, int, const char *), (a, old, b, new))
CALL(int, renameat2, room, new, (int a, const char *old, int b, const char *new, unsigned flags),
     (int, const char *, int, const char *, unsigned), (a, old, b, new, flags))
CALL(int, link, room, new, (const char *old, const char *new), (const char *, const char *), (old, new))
CALL(int, linkat, room, new, (int a, const char *old, int b, const char *new, int flags),
     (int, const char *, int, const char *, int), (a, old, b, new, flags))
CALL(int, symlink, room, new, (const char *old, const char *new), (const char *, const char *), (old, new))
CALL(int, symlinkat, room, new, (const char *old, int b, const char *new), (const char *, int, const char *),
     (old, b, new))
CALL(int, unlink, no_room, path, (const char *path), (const char *), (path))
CALL(int, unlinkat, no_room, path, (int a, const char *path, int flags), (int, const char *, int), (a, path, flags))
CALL(int, remove, no_room, path, (const char *path), (const char *), (path))
CALL(int, rmdir, no_room, path, (const char *path), (const char *), (path))
CALL(int, mkdir, room, path, (const char *path, mode_t mode), (const char *, mode_t), (path, mode))
CALL(int, mkdirat, room, path, (int a, const char *path, mode_t mode), (int, const char *, mode_t), (a, path, mode))
CALL(int, chmod, no_room, path, (const char *path, mode_t mode), (const char *, mode_t), (path, mode))
CALL(int, fchmod, no_room, NULL, (int fd, mode_t mode), (int, mode_t), (fd, mode))
CALL(int, fchmodat, no_room, path, (int a, const char *path, mode_t mode, int flags),
     (int, const char *, mode_t, int), (a, path, mode, flags))
CALL(int, fchown, no_room, NULL, (int fd, uid_t user, gid_t group), (int, uid_t, gid_t), (fd, user, group))
CALL(int, chown, no_room, path, (const char *path, uid_t user, gid_t group), (const char *, uid_t, gid_t),
     (path, user, group))
CALL(int, utimensat, no_room, path, (int a, const char *path, const struct timespec times[2], int flags),
     (int, const char *, const struct timespec *, int), (a, path, times, flags))
CALL(int, futimens, no_room, NULL, (int fd, const struct timespec times[2]), (int, const struct timespec *), (fd, times))
