/* Storage faults for tests: an LD_PRELOAD library for Linux and glibc.
 *
 * It watches every file below one folder and can kill the process at a chosen storage operation, make chosen operations
 * fail, pretend that the disk is full, and record what reaches the disk. shim.ts compiles it and is its only user.
 *
 *   PACKBENCH_FAULTS_DIR      the folder, absolute and without links
 *   PACKBENCH_FAULTS_CONTROL  a file of 64 signed 64-bit numbers, mapped and shared, so that a test can read the counts
 *                             and set faults while the process runs; see `slot` below
 *   PACKBENCH_FAULTS_RECORD   where to append the record; none if missing
 *   PACKBENCH_FAULTS_ACK      a file whose writes are recorded as acknowledgements and are not storage operations
 *   PACKBENCH_FAULTS_SKIP     endings of names that are not watched, separated by colons. Default "-shm:-lock:-lock-journal":
 *                             the index of the WAL is rebuilt at every start, and locks keep nothing
 *
 * A record is: type (1 byte), handle (4 bytes, little-endian), number (8), length (4), then `length` bytes.
 *   O opened: number 1 created, 2 emptied; data = path   W written at number: data = bytes   T cut to number bytes
 *   S synced   D the folder was synced: data = path      R renamed: data = from NUL to       U removed: data = path
 *   A acknowledged: data = what was written
 * A handle is one opening of a file. Paths are relative to the folder. Operations are recorded in the order in which
 * they happen: one lock is held over the operation and its record, whatever thread it comes from.
 *
 * Not covered: mapped files (SQLite maps none here), fallocate, and file systems other than the C library's calls.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* Same order as in shim.ts. */
enum slot {
  VERSION, OPERATIONS, WRITES, SYNCS, READS, TRUNCATES, RENAMES, UNLINKS, CREATES, DELIVERED,
  KILL_AT, KILL_HALFWAY, FAIL_MASK, MATCHING, FAIL_FROM, FAIL_COUNT, FAIL_ERRNO, SPACE, SLOTS = 64
};
enum class { WRITE = 1, SYNC = 2, READ = 4, TRUNCATE = 8, RENAME = 16, UNLINK = 32, CREATE = 64 };

struct watched { uint32_t handle; char ack; char folder; dev_t device; ino_t inode; char path[256]; };

#define MOST 65536
static struct watched *watched[MOST]; /* by descriptor */
static char dir[PATH_MAX], ack[PATH_MAX], skip[512];
static size_t dirlen;
static int recordfd = -1, ready = 0;
static uint32_t handles = 0;
static int64_t own[SLOTS], *control = own;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t), (*real_write)(int, const void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t), (*real_read)(int, void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int), (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t), (*real_close)(int);
static int (*real_unlink)(const char *), (*real_unlinkat)(int, const char *, int), (*real_remove)(const char *);
static int (*real_rename)(const char *, const char *);
static ssize_t (*real_copy)(int, off_t *, int, off_t *, size_t, unsigned), (*real_sendfile)(int, int, off_t *, size_t);

static void prepare(void) {
  real_open = dlsym(RTLD_NEXT, "open64");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_pread = dlsym(RTLD_NEXT, "pread64");
  real_read = dlsym(RTLD_NEXT, "read");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_unlinkat = dlsym(RTLD_NEXT, "unlinkat");
  real_remove = dlsym(RTLD_NEXT, "remove");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_copy = dlsym(RTLD_NEXT, "copy_file_range");
  real_sendfile = dlsym(RTLD_NEXT, "sendfile64");
  const char *value = getenv("PACKBENCH_FAULTS_DIR");
  if (!value || strlen(value) >= sizeof dir) return;
  strcpy(dir, value);
  dirlen = strlen(dir);
  if ((value = getenv("PACKBENCH_FAULTS_ACK")) && strlen(value) < sizeof ack) strcpy(ack, value);
  value = getenv("PACKBENCH_FAULTS_SKIP");
  if (!value || strlen(value) >= sizeof skip) value = "-shm:-lock:-lock-journal";
  strcpy(skip, value);
  if ((value = getenv("PACKBENCH_FAULTS_CONTROL"))) {
    int fd = real_open(value, O_RDWR | O_CLOEXEC);
    if (fd >= 0) {
      void *map = mmap(0, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      if (map != MAP_FAILED) control = map;
      real_close(fd);
    }
  }
  control[VERSION] = 1;
  if ((value = getenv("PACKBENCH_FAULTS_RECORD")))
    recordfd = real_open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  ready = 1;
}

static void begin(void) { pthread_once(&once, prepare); }

static void record(char type, uint32_t handle, uint64_t number, const void *data, uint32_t length) {
  if (recordfd < 0) return;
  char head[17];
  head[0] = type;
  memcpy(head + 1, &handle, 4);
  memcpy(head + 5, &number, 8);
  memcpy(head + 13, &length, 4);
  struct iovec parts[2] = {{head, sizeof head}, {(void *)data, length}};
  ssize_t wrote = real_writev(recordfd, parts, length ? 2 : 1);
  if (wrote != (ssize_t)(sizeof head + length)) abort(); /* half a record would prove nothing */
}

/* The path below the folder, "" for the folder itself, or null if it is not watched. */
static const char *inside(const char *path) {
  if (!ready || !path || strncmp(path, dir, dirlen)) return 0;
  if (path[dirlen] == 0) return "";
  if (path[dirlen] != '/') return 0;
  const char *rest = path + dirlen + 1;
  size_t length = strlen(rest);
  if (length >= sizeof(((struct watched *)0)->path)) return 0;
  for (const char *ending = skip; *ending;) {
    const char *colon = strchrnul(ending, ':');
    size_t size = colon - ending;
    if (size && size <= length && !strncmp(rest + length - size, ending, size)) return 0;
    ending = *colon ? colon + 1 : colon;
  }
  return rest;
}

/* Bytes of all files below the folder. */
static int64_t used(const char *folder) {
  int64_t sum = 0;
  DIR *list = opendir(folder);
  if (!list) return 0;
  for (struct dirent *entry; (entry = readdir(list));) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    char path[PATH_MAX];
    struct stat facts;
    if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path) continue;
    if (lstat(path, &facts)) continue;
    if (S_ISDIR(facts.st_mode)) sum += used(path);
    else if (S_ISREG(facts.st_mode)) sum += facts.st_size;
  }
  closedir(list);
  return sum;
}

/* Counts one operation; 0 to go on, or the error it must fail with. Does not return if this is where the process dies. */
static int operation(enum class class, enum slot counter) {
  control[counter]++;
  if (class != READ) {
    control[OPERATIONS]++;
    if (control[KILL_AT] && control[OPERATIONS] == control[KILL_AT] && !(class == WRITE && control[KILL_HALFWAY])) {
      control[DELIVERED]++;
      kill(getpid(), SIGKILL);
      for (;;) pause();
    }
  }
  if (control[FAIL_MASK] & class) {
    int64_t match = ++control[MATCHING], from = control[FAIL_FROM], count = control[FAIL_COUNT];
    if (from && match >= from && (!count || match < from + count)) {
      control[DELIVERED]++;
      return (int)control[FAIL_ERRNO];
    }
  }
  return 0;
}

/* libuv closes files by a system call of its own, so a descriptor may be another file, or a socket, by now. */
static struct watched *of(int fd) {
  struct watched *file = fd >= 0 && fd < MOST ? watched[fd] : 0;
  struct stat facts;
  if (!file || (!fstat(fd, &facts) && facts.st_dev == file->device && facts.st_ino == file->inode)) return file;
  watched[fd] = 0; /* not freed: another thread may be looking at it */
  return 0;
}

static int open_any(const char *path, int flags, mode_t mode) {
  begin();
  const char *name = inside(path);
  int acknowledging = ready && ack[0] && !strcmp(path, ack);
  if (!name && !acknowledging) return real_open(path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat facts;
  int exists = stat(path, &facts) == 0, folder = exists && S_ISDIR(facts.st_mode);
  int creates = !exists && (flags & O_CREAT), empties = exists && !folder && (flags & O_TRUNC);
  int error = !acknowledging && (creates || empties) ? operation(CREATE, CREATES) : 0;
  int fd = -1;
  if (error) errno = error;
  else fd = real_open(path, flags, mode);
  if (fd >= MOST) abort();
  if (fd >= 0) {
    struct watched *file = calloc(1, sizeof *file);
    file->handle = ++handles;
    file->ack = acknowledging;
    file->folder = folder;
    fstat(fd, &facts);
    file->device = facts.st_dev;
    file->inode = facts.st_ino;
    if (name) strcpy(file->path, name);
    free(watched[fd]);
    watched[fd] = file;
    if (!acknowledging && !folder)
      record('O', file->handle, (creates ? 1 : 0) | (empties ? 2 : 0), file->path, strlen(file->path));
  }
  int kept = errno;
  pthread_mutex_unlock(&lock);
  errno = kept;
  return fd;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = va_arg(rest, mode_t); \
    va_end(rest); \
    return open_any(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

/* `at` < 0: at the file's own position, or at its end if it was opened for appending. */
static ssize_t write_any(int fd, const void *data, size_t size, off_t at) {
  begin();
  struct watched *file = of(fd);
  if (!file) return at < 0 ? real_write(fd, data, size) : real_pwrite(fd, data, size, at);
  pthread_mutex_lock(&lock);
  ssize_t wrote;
  if (file->ack) {
    record('A', 0, 0, data, size);
    wrote = real_write(fd, data, size);
  } else {
    off_t position = at;
    struct stat facts;
    memset(&facts, 0, sizeof facts);
    fstat(fd, &facts);
    if (at < 0) position = fcntl(fd, F_GETFL) & O_APPEND ? facts.st_size : lseek(fd, 0, SEEK_CUR);
    int error = operation(WRITE, WRITES);
    int halfway = control[KILL_AT] && control[OPERATIONS] == control[KILL_AT];
    if (!error && control[SPACE]) {
      int64_t growth = (int64_t)position + (int64_t)size - (int64_t)facts.st_size;
      if (growth > 0 && used(dir) + growth > control[SPACE]) {
        control[DELIVERED]++;
        error = ENOSPC;
      }
    }
    if (error) {
      errno = error;
      wrote = -1;
    } else {
      if (halfway) size /= 2;
      wrote = at < 0 ? real_write(fd, data, size) : real_pwrite(fd, data, size, at);
      if (wrote > 0) record('W', file->handle, position, data, wrote);
      if (halfway) {
        control[DELIVERED]++;
        kill(getpid(), SIGKILL);
        for (;;) pause();
      }
    }
  }
  int kept = errno;
  pthread_mutex_unlock(&lock);
  errno = kept;
  return wrote;
}
ssize_t write(int fd, const void *data, size_t size) { return write_any(fd, data, size, -1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return write_any(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) { return write_any(fd, data, size, at); }

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t at) {
  ssize_t sum = 0;
  for (int i = 0; i < count; i++) {
    ssize_t wrote = write_any(fd, parts[i].iov_base, parts[i].iov_len, at < 0 ? at : at + sum);
    if (wrote < 0) return sum ? sum : wrote;
    sum += wrote;
    if ((size_t)wrote < parts[i].iov_len) break;
  }
  return sum;
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  begin();
  return of(fd) ? write_parts(fd, parts, count, -1) : real_writev(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  begin();
  return of(fd) ? write_parts(fd, parts, count, at) : real_pwritev(fd, parts, count, at);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return pwritev(fd, parts, count, at); }

/* Copies inside the kernel would go past the record: say that they cannot be done, and the caller reads and writes. */
ssize_t copy_file_range(int in, off_t *from, int out, off_t *to, size_t size, unsigned flags) {
  begin();
  if (!of(out)) return real_copy(in, from, out, to, size, flags);
  errno = EXDEV;
  return -1;
}
ssize_t sendfile64(int out, int in, off_t *from, size_t size) {
  begin();
  if (!of(out)) return real_sendfile(out, in, from, size);
  errno = EINVAL;
  return -1;
}
ssize_t sendfile(int out, int in, off_t *from, size_t size) { return sendfile64(out, in, from, size); }

static int read_fails(int fd) {
  begin();
  struct watched *file = of(fd);
  if (!file || file->ack) return 0;
  pthread_mutex_lock(&lock);
  int error = operation(READ, READS);
  pthread_mutex_unlock(&lock);
  errno = error;
  return error;
}
ssize_t read(int fd, void *data, size_t size) { return read_fails(fd) ? -1 : real_read(fd, data, size); }
ssize_t pread(int fd, void *data, size_t size, off_t at) { return read_fails(fd) ? -1 : real_pread(fd, data, size, at); }
ssize_t pread64(int fd, void *data, size_t size, off_t at) { return pread(fd, data, size, at); }

static int sync_any(int fd, int (*real)(int)) {
  struct watched *file = of(fd);
  if (!file || file->ack) return real(fd);
  pthread_mutex_lock(&lock);
  int error = operation(SYNC, SYNCS), result = -1;
  if (error) errno = error;
  else if ((result = real(fd)) == 0) {
    if (file->folder) record('D', file->handle, 0, file->path, strlen(file->path));
    else record('S', file->handle, 0, 0, 0);
  }
  int kept = errno;
  pthread_mutex_unlock(&lock);
  errno = kept;
  return result;
}
int fsync(int fd) {
  begin();
  return sync_any(fd, real_fsync);
}
int fdatasync(int fd) {
  begin();
  return sync_any(fd, real_fdatasync);
}

static int truncate_any(int fd, off_t size) {
  begin();
  struct watched *file = of(fd);
  if (!file || file->ack) return real_ftruncate(fd, size);
  pthread_mutex_lock(&lock);
  int error = operation(TRUNCATE, TRUNCATES), result = -1;
  if (error) errno = error;
  else if ((result = real_ftruncate(fd, size)) == 0) record('T', file->handle, size, 0, 0);
  int kept = errno;
  pthread_mutex_unlock(&lock);
  errno = kept;
  return result;
}
int ftruncate(int fd, off_t size) { return truncate_any(fd, size); }
int ftruncate64(int fd, off_t size) { return truncate_any(fd, size); }

int close(int fd) {
  begin();
  if (of(fd)) {
    pthread_mutex_lock(&lock);
    free(watched[fd]);
    watched[fd] = 0;
    pthread_mutex_unlock(&lock);
  }
  return real_close(fd);
}

static int unlink_any(const char *path, int (*real)(const char *)) {
  begin();
  const char *name = inside(path);
  struct stat facts;
  if (!name || lstat(path, &facts) || S_ISDIR(facts.st_mode)) return real(path);
  pthread_mutex_lock(&lock);
  int error = operation(UNLINK, UNLINKS), result = -1;
  if (error) errno = error;
  else if ((result = real(path)) == 0) record('U', 0, 0, name, strlen(name));
  int kept = errno;
  pthread_mutex_unlock(&lock);
  errno = kept;
  return result;
}
int unlink(const char *path) {
  begin();
  return unlink_any(path, real_unlink);
}
int remove(const char *path) {
  begin();
  return unlink_any(path, real_remove);
}
int unlinkat(int at, const char *path, int flags) {
  begin();
  char whole[PATH_MAX], link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", at);
  if (path[0] == '/') return flags & AT_REMOVEDIR ? real_unlinkat(at, path, flags) : unlink_any(path, real_unlink);
  ssize_t length = at == AT_FDCWD ? -1 : readlink(link, whole, sizeof whole - 1);
  if (flags & AT_REMOVEDIR || length < 0 || length + strlen(path) + 2 > sizeof whole)
    return real_unlinkat(at, path, flags);
  whole[length] = '/';
  strcpy(whole + length + 1, path);
  return inside(whole) ? unlink_any(whole, real_unlink) : real_unlinkat(at, path, flags);
}

int rename(const char *from, const char *to) {
  begin();
  const char *before = inside(from), *after = inside(to);
  if (!before || !after) return real_rename(from, to);
  pthread_mutex_lock(&lock);
  int error = operation(RENAME, RENAMES), result = -1;
  if (error) errno = error;
  else if ((result = real_rename(from, to)) == 0) {
    char both[600];
    size_t first = strlen(before) + 1, second = strlen(after);
    memcpy(both, before, first);
    memcpy(both + first, after, second);
    record('R', 0, 0, both, first + second);
  }
  int kept = errno;
  pthread_mutex_unlock(&lock);
  errno = kept;
  return result;
}
