// Waits for the network to come by itself.

#include <unistd.h>

int main(void) {
    for (;;)
        pause();
}
