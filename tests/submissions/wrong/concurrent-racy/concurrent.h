// What the modes have in common.

// Talks with one client until either side has had enough. The connection stays open.
void converse(int client, unsigned long *hits);
