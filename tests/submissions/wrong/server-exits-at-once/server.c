// Has nothing to do, and is done.

int main(void) {
    return 0;
}
