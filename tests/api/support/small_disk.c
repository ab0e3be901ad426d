/* Makes a folder a small disk, where none may be mounted: preloaded, it lets the files below SMALL_DISK_FOLDER
   have SMALL_DISK_BYTES together, and no more. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BLOCK 4096

static long long blocks(long long bytes) { return (bytes + BLOCK - 1) / BLOCK * BLOCK; }

static long long used(const char *folder) {
    long long sum = 0;
    char path[4096];
    DIR *open = opendir(folder);
    struct dirent *entry;
    struct stat found;
    while (open && (entry = readdir(open))) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (!stat(path, &found) && S_ISREG(found.st_mode)) sum += blocks(found.st_size);
    }
    if (open) closedir(open);
    return sum;
}

static long long left(const char *folder) {
    long long size = atoll(getenv("SMALL_DISK_BYTES"));
    return size > used(folder) ? size - used(folder) : 0;
}

/* Whether a file that is to end there has no room. */
static int lacks_room(int fd, long long end) {
    const char *folder = getenv("SMALL_DISK_FOLDER");
    char name[64], path[4096];
    struct stat found;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (!folder || length < 0 || fstat(fd, &found)) return 0;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)) || path[strlen(folder)] != '/') return 0;
    if (blocks(end) - blocks(found.st_size) <= 0 || blocks(end) - blocks(found.st_size) <= left(folder)) return 0;
    errno = ENOSPC;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count) {
    return lacks_room(fd, lseek(fd, 0, SEEK_CUR) + count) ? -1 : REAL(write)(fd, bytes, count);
}

#define PWRITE(name, offset) \
    ssize_t name(int fd, const void *bytes, size_t count, offset at) { \
        return lacks_room(fd, at + count) ? -1 : REAL(name)(fd, bytes, count, at); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define FTRUNCATE(name, offset) \
    int name(int fd, offset end) { return lacks_room(fd, end) ? -1 : REAL(name)(fd, end); }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

#define FALLOCATE(name, offset) \
    int name(int fd, offset at, offset count) { return lacks_room(fd, at + count) ? ENOSPC : REAL(name)(fd, at, count); }
FALLOCATE(posix_fallocate, off_t)
FALLOCATE(posix_fallocate64, off64_t)

#define STATVFS(name) \
    int name(const char *path, struct name *found) { \
        const char *folder = getenv("SMALL_DISK_FOLDER"); \
        int outcome = REAL(name)(path, found); \
        if (!outcome && folder && !strncmp(path, folder, strlen(folder))) { \
            found->f_frsize = found->f_bsize = BLOCK; \
            found->f_blocks = atoll(getenv("SMALL_DISK_BYTES")) / BLOCK; \
            found->f_bfree = found->f_bavail = left(folder) / BLOCK; \
        } \
        return outcome; \
    }
STATVFS(statvfs)
STATVFS(statvfs64)
