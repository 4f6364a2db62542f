//! A server of files, HTTP/1.0: what `httpd` does once the door of [`server`](crate::server) is open.
//!
//! ```text
//! GET /docs/a%20b.txt?x HTTP/1.0   ─── path_of ──>  docs/a b.txt     what is asked for
//!                                  ─── locate ───>  ROOT/docs/a b.txt, if that is in ROOT
//!                                  ─── head_of ──>  HTTP/1.0 200 OK, Content-Length, Content-Type
//!                                  ─── copy ─────>  the file's bytes
//! ```
//!
//! The door is steps 1 to 6 of your `server.rs`, reading a request is in your `message.rs`. `src/bin/httpd.rs` calls
//! `serve`, which calls the rest.
//!
//! Until `locate` is done, let it answer `Err(NOT_FOUND)`; and `path_of` can begin with what comes behind the slash.

use std::convert::Infallible;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use nix::Result;

use crate::message::{Request, Trouble};

/// Three digits for programs, and words for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u16, pub &'static str);

pub const OK: Status = Status(200, "OK");
pub const BAD_REQUEST: Status = Status(400, "Bad Request");
pub const FORBIDDEN: Status = Status(403, "Forbidden");
pub const NOT_FOUND: Status = Status(404, "Not Found");
pub const TOO_LARGE: Status = Status(431, "Request Header Fields Too Large");
pub const NOT_IMPLEMENTED: Status = Status(501, "Not Implemented");
pub const VERSION: Status = Status(505, "HTTP Version Not Supported");

/// Step 1: a thread for each client, for good: `server::accept_client`, `std::thread::spawn`, `converse`.
///
/// What goes wrong with one client is no reason to stop. And when `accept` has no descriptor left (EMFILE)?
pub fn serve(listener: &OwnedFd, root: &Path) -> Result<Infallible> {
    todo!("step 1: serve")
}

/// Step 2: one request, one answer, and the end of the connection: `message::read_head`, `message::parse_request`,
/// `answer` or `send_error`, `hang_up`.
pub fn converse(client: &OwnedFd, root: &Path) -> Result<()> {
    todo!("step 2: converse")
}

/// Step 3: what to call a request that is none.
pub fn status_of(trouble: Trouble) -> Status {
    todo!("step 3: status_of")
}

/// Step 4: answers a request: a file's head and bytes, the head alone for HEAD, or what is wrong.
pub fn answer(client: &OwnedFd, request: &Request, root: &Path) -> Result<()> {
    todo!("step 4: answer")
}

/// Step 5: from a target to a path below ROOT, in bytes: `/a%20b.txt?x=1` is `a b.txt`.
///
/// The query goes first, then each `%` and its two digits become a byte. A plus stays a plus.
pub fn path_of(target: &str) -> std::result::Result<Vec<u8>, Status> {
    todo!("step 5: path_of")
}

/// Step 6: the file at `path` (`index.html`, where it is a folder's), its size and its real path, if that is in `root`.
///
/// `std::fs::canonicalize` is `realpath(3)`: it says where a path really leads. `OsStr::from_bytes` (of
/// `std::os::unix::ffi::OsStrExt`) makes text of a path's bytes.
pub fn locate(root: &Path, path: &[u8]) -> std::result::Result<(File, u64, PathBuf), Status> {
    todo!("step 6: locate")
}

/// Step 7: what kind of file it is, by its suffix. The handout has the list.
pub fn content_type(path: &Path) -> &'static str {
    todo!("step 7: content_type")
}

/// Step 8: the head of an answer: status line, headers, and the empty line.
pub fn head_of(status: Status, length: u64, content_type: &str) -> String {
    todo!("step 8: head_of")
}

/// Step 9: sends as many bytes of the file as the head has promised, a buffer at a time.
pub fn copy(client: &OwnedFd, file: File, length: u64) -> Result<()> {
    todo!("step 9: copy")
}

/// Step 10: an answer without a file: the status, and a body with the same for people.
pub fn send_error(client: &OwnedFd, status: Status, with_body: bool) -> Result<()> {
    todo!("step 10: send_error")
}

/// Step 11: ends a connection so that the client gets all of the answer: `shutdown(2)`, and then read on until the client
/// has closed too.
///
/// `close` alone sends RST where bytes of the client's were never read, and that takes the answer with it.
pub fn hang_up(client: &OwnedFd) -> Result<()> {
    todo!("step 11: hang_up")
}
