/* Robust input and output. */
#include <errno.h>
#include <unistd.h>

#include "client.h"

int write_all(int fd, const void *bytes, size_t count)
{
    const char *left = bytes;
    while (count > 0) {
        ssize_t taken = write(fd, left, count);
        if (taken < 0) {
            if (errno == EINTR)
                continue;
            return -1;
        }
        left += taken;
        count -= (size_t)taken;
    }
    return 0;
}

ssize_t read_some(int fd, void *buffer, size_t size)
{
    ssize_t count;
    do
        count = read(fd, buffer, size);
    while (count < 0 && errno == EINTR);
    return count;
}
