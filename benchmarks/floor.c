/* What no tool can go below on this machine.

   floor read FOLDER PROCESSES         open, fstat, read whole, close each .html and .htm file of the tree
   floor insert FOLDER PROCESSES CODE  the same, then the text of the file CODE before the first </head>:
                                       temporary file in the same folder, same mode, one writev, rename
   floor measure RESULT COMMAND...     seconds, CPU seconds, peak memory in kilobytes and exit status of a command and
                                       those that it waits for, to the file RESULT: a large process that starts
                                       another hands it its own peak, this one has none

   One process works while it walks; several share the list of one walk. Files without </head> are left alone. */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SHARE = 32, PATH_BYTES = 4096 };

static char *page, *code;
static size_t capacity, code_size;

static size_t read_whole(const char *path, struct stat *status)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    size_t size = 0;
    if (file < 0 || fstat(file, status) < 0)
        err(1, "%s", path);
    if ((size_t)status->st_size + 1 > capacity) {
        capacity = (size_t)status->st_size * 2 + 65536;
        free(page);
        if (!(page = malloc(capacity)))
            err(1, "memory");
    }
    while (size < (size_t)status->st_size) {
        ssize_t some = read(file, page + size, (size_t)status->st_size - size);
        if (some <= 0)
            err(1, "%s", path);
        size += (size_t)some;
    }
    page[size] = 0;
    close(file);
    return size;
}

static char *find_head_end(size_t size)
{
    char *found = memmem(page, size, "</head>", 7), *end = page + size;
    if (found)
        return found;
    for (char *at = page; (at = memmem(at, (size_t)(end - at), "</", 2)) && end - at >= 7; at++)
        if (!strncasecmp(at, "</head>", 7))
            return at;
    return NULL;
}

static void do_page(const char *path)
{
    struct stat status;
    char temporary[PATH_BYTES + 8], *at;
    size_t size = read_whole(path, &status);
    if (!code || !(at = find_head_end(size)))
        return;
    size_t before = (size_t)(at - page);
    struct iovec parts[] = {{page, before}, {code, code_size}, {at, size - before}};
    snprintf(temporary, sizeof temporary, "%s.floor~", path);
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 07777);
    if (file < 0 || writev(file, parts, 3) != (ssize_t)(size + code_size) || close(file) || rename(temporary, path))
        err(1, "%s", temporary);
}

static char **paths;
static size_t path_count;

static void note_page(const char *path)
{
    if (!(path_count & (path_count + 1)) && !(paths = realloc(paths, (path_count * 2 + 2) * sizeof *paths)))
        err(1, "memory");
    if (!(paths[path_count++] = strdup(path)))
        err(1, "memory");
}

static int is_page(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (!strcasecmp(dot, ".html") || !strcasecmp(dot, ".htm"));
}

static void walk(char *path, size_t length, void (*take)(const char *))
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    if (!folder)
        err(1, "%s", path);
    while ((entry = readdir(folder))) {
        size_t more = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || length + more + 2 > PATH_BYTES)
            continue;
        path[length] = '/';
        memcpy(path + length + 1, entry->d_name, more + 1);
        if (entry->d_type == DT_DIR)
            walk(path, length + 1 + more, take);
        else if (entry->d_type == DT_REG && is_page(entry->d_name))
            take(path);
    }
    closedir(folder);
}

static int share_out(int processes)
{
    atomic_size_t *next = mmap(NULL, sizeof *next, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int failed = 0, status;
    for (int process = 0; process < processes; process++)
        if (!fork()) {
            size_t first;
            while ((first = atomic_fetch_add(next, SHARE)) < path_count)
                for (size_t i = first; i < path_count && i < first + SHARE; i++)
                    do_page(paths[i]);
            _exit(0);
        }
    while (wait(&status) > 0)
        failed |= status;
    return failed != 0;
}

static double as_seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static int measure(const char *result, char **command)
{
    struct timespec start, end;
    struct rusage usage;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = fork();
    if (!child) {
        execvp(command[0], command);
        err(127, "%s", command[0]);
    }
    wait4(child, &status, 0, &usage);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    double busy = as_seconds(usage.ru_utime) + as_seconds(usage.ru_stime);
    FILE *file = fopen(result, "w");
    if (!file)
        err(1, "%s", result);
    status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    fprintf(file, "%.6f %.6f %ld %d\n", seconds, busy, usage.ru_maxrss, status);
    return fclose(file) != 0;
}

int main(int count, char **argument)
{
    char path[PATH_BYTES];
    struct stat status;
    if (count > 3 && !strcmp(argument[1], "measure"))
        return measure(argument[2], argument + 3);
    if (count < 4 || strlen(argument[2]) >= sizeof path || (!strcmp(argument[1], "insert") && count < 5))
        errx(2, "floor read|insert FOLDER PROCESSES [CODE]");
    int processes = atoi(argument[3]);
    umask(0);
    if (count > 4) {
        code_size = read_whole(argument[4], &status);
        code = page;
        page = NULL;
        capacity = 0;
    }
    strcpy(path, argument[2]);
    walk(path, strlen(path), processes > 1 ? note_page : do_page);
    return processes > 1 ? share_out(processes) : 0;
}
