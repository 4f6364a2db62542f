// Reads its argument where there is none.

int main(int argc, char **argv) {
    (void)argc;
    // The port is argv[1]; argv[argc] is NULL, and what lies behind that is anybody's guess.
    volatile char *port = argv[argc];
    return *port;
}
