/* Compiles, runs, and does nothing. */
int main(void)
{
    return 0;
}
