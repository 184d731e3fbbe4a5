/* Sits between a process and its disk (LD_PRELOAD): records every change to a regular file or a folder in the order in
 * which it was made, and makes the n-th call fail or kill the process. Switched on and off from inside by the functions
 * that begin with disk_; until then it only passes calls on.
 *
 * A record: kind, length of the path (4), offset or size (8), length of the data (8), path, data; little endian.
 *   C made a file   T cut to a size   W wrote   S synced a file or folder   E its sync failed
 *   M made a folder U unlinked        R renamed (data: the new path)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, CUT = 4, OPEN = 8, NAME = 16 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static char prefix[PATH_MAX]; /* calls on files below it count for faults */
static long calls, fault_at;
static int fault_errno, fault_lasting, fault_kinds, hits, cured; /* fault_errno -1: SIGKILL */
static char cure[64]; /* unlinking a file whose name ends so ends a lasting fault */

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

void disk_record(int fd) { log_fd = fd; }
long disk_calls(void) { return calls; }
int disk_hits(void) { return hits; }
int disk_cured(void) { return cured; }

void disk_fault(const char *below, long at, int error, int lasting, int kinds, const char *cured_by) {
    pthread_mutex_lock(&lock);
    snprintf(prefix, sizeof prefix, "%s", below);
    snprintf(cure, sizeof cure, "%s", cured_by);
    calls = hits = cured = 0, fault_at = at, fault_errno = error, fault_lasting = lasting, fault_kinds = kinds;
    pthread_mutex_unlock(&lock);
}

static int ends(const char *text, const char *end) {
    size_t a = strlen(text), b = strlen(end);
    return b && a >= b && !strcmp(text + a - b, end);
}

/* Whether this call is to fail; errno is set. The caller holds the lock. */
static int fails(const char *path, int kind) {
    if (!prefix[0] || strncmp(path, prefix, strlen(prefix)) || !(kind & fault_kinds)) return 0;
    calls++;
    if (!fault_at || calls < fault_at || (calls > fault_at && !fault_lasting)) return 0;
    if (fault_errno < 0) kill(getpid(), SIGKILL);
    hits++;
    errno = fault_errno;
    return 1;
}

static void record(char kind, const char *path, int64_t at, const void *data, uint64_t length) {
    if (log_fd < 0) return;
    int saved = errno;
    char head[21];
    uint32_t path_length = strlen(path);
    head[0] = kind;
    memcpy(head + 1, &path_length, 4);
    memcpy(head + 5, &at, 8);
    memcpy(head + 13, &length, 8);
    struct iovec parts[] = {{head, 21}, {(void *)path, path_length}, {(void *)data, length}};
    if (syscall(SYS_writev, log_fd, parts, 3) != (ssize_t)(21 + path_length + length)) _exit(97);
    errno = saved;
}

/* The path behind a descriptor of a regular file or a folder; 0 for anything else, and for the log. */
static int path_of(int fd, char *path) {
    struct stat st;
    char link[64];
    if (fd == log_fd || fstat(fd, &st) || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return 1;
}

static void absolute(const char *path, char *full) {
    if (path[0] == '/' || !getcwd(full, PATH_MAX)) full[0] = 0;
    else strncat(full, "/", PATH_MAX - strlen(full) - 1);
    strncat(full, path, PATH_MAX - strlen(full) - 1);
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    REAL(int, "openat", int, const char *, int, ...);
    if (!(flags & (O_WRONLY | O_RDWR))) return real(at, path, flags, mode);
    char full[PATH_MAX];
    absolute(path, full);
    pthread_mutex_lock(&lock);
    int there = access(full, F_OK) == 0, fd = -1;
    if (!fails(full, OPEN)) {
        fd = real(at, path, flags, mode);
        if (fd >= 0 && path_of(fd, full)) {
            if (!there) record('C', full, 0, "", 0);
            else if (flags & O_TRUNC) record('T', full, 0, "", 0);
        }
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPENER(name, at, ...) \
    int name(__VA_ARGS__, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return opened(at, path, flags, mode); \
    }
OPENER(open, AT_FDCWD, const char *path)
OPENER(open64, AT_FDCWD, const char *path)
OPENER(openat, folder, int folder, const char *path)
OPENER(openat64, folder, int folder, const char *path)

static ssize_t wrote(int fd, const void *data, size_t length, off_t at) {
    char path[PATH_MAX];
    ssize_t n = -1;
    pthread_mutex_lock(&lock);
    int ours = path_of(fd, path);
    if (!ours || !fails(path, WRITE)) {
        if (at < 0) n = syscall(SYS_write, fd, data, length);
        else n = syscall(SYS_pwrite64, fd, data, length, at);
        if (ours && n > 0) record('W', path, at < 0 ? lseek(fd, 0, SEEK_CUR) - n : at, data, n);
    }
    pthread_mutex_unlock(&lock);
    return n;
}

ssize_t write(int fd, const void *data, size_t length) { return wrote(fd, data, length, -1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return wrote(fd, data, length, at); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t at) { return wrote(fd, data, length, at); }

/* What moves bytes inside the kernel could not be recorded: callers fall back to reading and writing. */
ssize_t sendfile(int out, int in, off_t *at, size_t count) { errno = ENOTSOCK; return -1; }
ssize_t sendfile64(int out, int in, off_t *at, size_t count) { errno = ENOTSOCK; return -1; }

static int cut(int fd, off_t size) {
    char path[PATH_MAX];
    int result = -1;
    pthread_mutex_lock(&lock);
    int ours = path_of(fd, path);
    if (!ours || !fails(path, CUT)) {
        result = syscall(SYS_ftruncate, fd, size);
        if (ours && !result) record('T', path, size, "", 0);
    }
    pthread_mutex_unlock(&lock);
    return result;
}
int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off_t size) { return cut(fd, size); }

static int synced(int fd) {
    char path[PATH_MAX];
    int result = -1;
    pthread_mutex_lock(&lock);
    int ours = path_of(fd, path);
    /* The disk itself need not be waited for: what it would have kept is worked out from the record. */
    if (!ours || !fails(path, SYNC)) result = 0;
    if (ours) record(result ? 'E' : 'S', path, 0, "", 0);
    pthread_mutex_unlock(&lock);
    return result;
}
int fsync(int fd) { return synced(fd); }
int fdatasync(int fd) { return synced(fd); }

#define NAMER(name, kind, other, call, ...) \
    int name(__VA_ARGS__) { \
        char full[PATH_MAX], next[PATH_MAX]; \
        int result = -1; \
        absolute(path, full); \
        absolute(other, next); \
        pthread_mutex_lock(&lock); \
        if (ends(full, cure)) fault_at = 0, cured++; \
        if (!fails(full, NAME)) { \
            result = call; \
            if (!result) record(kind, full, 0, next, kind == 'R' ? strlen(next) : 0); \
        } \
        pthread_mutex_unlock(&lock); \
        return result; \
    }
NAMER(unlink, 'U', path, syscall(SYS_unlink, path), const char *path)
NAMER(mkdir, 'M', path, syscall(SYS_mkdir, path, mode), const char *path, mode_t mode)
NAMER(rename, 'R', to, syscall(SYS_rename, path, to), const char *path, const char *to)
