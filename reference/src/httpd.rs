//! A server of files, HTTP/1.0: what `httpd` does once the door of [`server`] is open and [`message`] has read.
//!
//! ```text
//! GET /docs/a%20b.txt?x HTTP/1.0   ─── path_of ──>  docs/a b.txt     what is asked for
//!                                  ─── locate ───>  ROOT/docs/a b.txt, if that is in ROOT
//!                                  ─── head_of ──>  HTTP/1.0 200 OK, Content-Length, Content-Type
//!                                  ─── copy ─────>  the file's bytes
//! ```
//!
//! Everything here is a stranger's word: a path may try to climb out of ROOT, a client may stop in the middle of its
//! request or of our answer, or be gone. Each client has a thread of its own, so that it can only hold up itself.

use std::convert::Infallible;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use nix::Result;
use nix::errno::Errno;
use nix::sys::socket::{Shutdown, setsockopt, shutdown, sockopt};
use nix::sys::time::TimeVal;

use crate::message::{self, Request, Trouble};
use crate::{rio, server};

/// How much head we read. RFC 9110 has no number; 8 KiB must do for any browser, and 32 KiB are nobody's honest head.
const LONGEST_HEAD: usize = 16 * 1024;

/// Bytes of a file sent at once.
const BUFFER: usize = 64 * 1024;

/// How long we wait for a client to hang up after our last word, in seconds.
const PATIENCE: i64 = 2;

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

/// Step 1: a thread for each client, for good.
///
/// `pthread_create(3)`. Nobody joins the threads: `thread::spawn` detaches one whose handle is dropped, and what it had
/// is given back when it ends.
pub fn serve(listener: &OwnedFd, root: &Path) -> Result<Infallible> {
    loop {
        let client = match server::accept_client(listener) {
            Ok((client, _)) => client,
            // Too many clients for our descriptors. The next one stays in the queue, and `accept` would fail again at
            // once: give the threads some time to close theirs.
            Err(Errno::EMFILE | Errno::ENFILE | Errno::ENOBUFS | Errno::ENOMEM) => {
                thread::sleep(Duration::from_millis(50));
                continue;
            }
            Err(errno) => return Err(errno),
        };
        let root = root.to_owned();
        let started = thread::Builder::new().spawn(move || {
            // A connection that breaks is the end of this client, not of the server. In C, a write to it would end all
            // of it by SIGPIPE: `signal(SIGPIPE, SIG_IGN)`. Rust's runtime has done so before `main`.
            if let Err(errno) = converse(&client, &root) {
                server::say(&format!("lost a client: {}", errno.desc()));
            }
        });
        // No thread to be had: this client is out of luck (its descriptor is closed with the closure), others are not.
        if let Err(error) = started {
            server::say(&format!("no thread for a client: {error}"));
        }
    }
}

/// Step 2: one request, one answer, and the end of the connection.
pub fn converse(client: &OwnedFd, root: &Path) -> Result<()> {
    let read = message::read_head(client, LONGEST_HEAD);
    let request = match read.and_then(|head| head.as_deref().map(message::parse_request).transpose()) {
        Ok(Some(request)) => Ok(request),
        // It came and went without a word.
        Ok(None) => return Ok(()),
        Err(Trouble::Lost(errno)) => return Err(errno),
        Err(trouble) => Err(status_of(trouble)),
    };
    match request {
        Ok(request) => answer(client, &request, root)?,
        Err(status) => send_error(client, status, true)?,
    }
    hang_up(client)
}

/// Step 3: what to call a request that is none.
pub fn status_of(trouble: Trouble) -> Status {
    match trouble {
        Trouble::Version => VERSION,
        Trouble::TooLarge => TOO_LARGE,
        Trouble::Malformed | Trouble::Cut | Trouble::Lost(_) => BAD_REQUEST,
    }
}

/// Step 4: answers a request: a file's head and bytes, the head alone for HEAD, or what is wrong.
pub fn answer(client: &OwnedFd, request: &Request, root: &Path) -> Result<()> {
    let with_body = match request.method.as_str() {
        "GET" => true,
        // As GET in everything, Content-Length too, but without the body.
        "HEAD" => false,
        _ => return send_error(client, NOT_IMPLEMENTED, true),
    };
    let found = path_of(&request.target).and_then(|path| locate(root, &path));
    let (file, length, path) = match found {
        Ok(found) => found,
        Err(status) => return send_error(client, status, with_body),
    };
    rio::writen(client, head_of(OK, length, content_type(&path)).as_bytes())?;
    if with_body { copy(client, file, length) } else { Ok(()) }
}

/// Step 5: from a target to a path below ROOT, in bytes: `/a%20b.txt?x=1` is `a b.txt`.
pub fn path_of(target: &str) -> std::result::Result<Vec<u8>, Status> {
    // What follows `?` is for programs; files have no use for it. This comes first: `%3F` is a part of a name.
    let path = target.split('?').next().unwrap_or_default();
    // A client that takes us for a proxy asks for a whole URL, and has to be answered all the same.
    let path = path.strip_prefix("http://").map_or(path, |url| url.find('/').map_or("/", |slash| &url[slash..]));
    let path = path.strip_prefix('/').ok_or(BAD_REQUEST)?;
    // Once, and from left to right: `%2561` is `%61`, a name with a percent sign. And a plus is a plus: that it stands
    // for a blank is a custom of forms, in what follows `?`.
    let mut bytes = path.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|digit| char::from(digit).to_digit(16));
        match (digit(), digit()) {
            (Some(high), Some(low)) => decoded.push((high * 16 + low) as u8),
            _ => return Err(BAD_REQUEST),
        }
    }
    // No file's name has a NUL in it. C would take it for the end of the name: `secret%00.html`.
    if decoded.contains(&0) { Err(NOT_FOUND) } else { Ok(decoded) }
}

/// Step 6: the file at `path` (`index.html`, where it is a folder's), its size and its real path, if that is in `root`.
pub fn locate(root: &Path, path: &[u8]) -> std::result::Result<(File, u64, PathBuf), Status> {
    let is_folder = path.is_empty() || path.ends_with(b"/");
    // Joined as text: `Path::join` would take `/etc/passwd` (of a request for `//etc/passwd`) for a new beginning.
    let mut asked = root.as_os_str().to_owned();
    asked.push("/");
    asked.push(OsStr::from_bytes(path));
    if is_folder {
        asked.push("index.html");
    }

    // `realpath(3)`: where does that really lead, with all `..` and links followed? Looking for `..` in the path is not
    // enough: there are links, and as many spellings as there are encodings. So the question is asked last, about what
    // the kernel would open. (Between this look and `open` somebody could still exchange a folder for a link. Linux
    // answers both at once: `openat2(2)`, RESOLVE_BENEATH.)
    let real = fs::canonicalize(asked).map_err(|error| why_not(&error))?;
    let root = fs::canonicalize(root).map_err(|error| why_not(&error))?;
    // By components, not letters: `/srv/www-private` begins like `/srv/www`, and is not in it.
    if !real.starts_with(root) {
        return Err(NOT_FOUND);
    }
    // A folder without its slash, a device, a pipe (which `open` would wait at): not for us.
    if !fs::metadata(&real).map_err(|error| why_not(&error))?.is_file() {
        return Err(NOT_FOUND);
    }
    let file = File::open(&real).map_err(|error| why_not(&error))?;
    let length = file.metadata().map_err(|error| why_not(&error))?.len();
    Ok((file, length, real))
}

fn why_not(error: &std::io::Error) -> Status {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => FORBIDDEN,
        _ => NOT_FOUND,
    }
}

/// Step 7: what kind of file it is: the client cannot know, and must not guess.
pub fn content_type(path: &Path) -> &'static str {
    let suffix = path.extension().map(|suffix| suffix.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match suffix.as_str() {
        "html" | "htm" => "text/html",
        "txt" => "text/plain",
        "css" => "text/css",
        "js" => "text/javascript",
        "json" => "application/json",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "pdf" => "application/pdf",
        // Bytes, of which nothing is known. A browser offers to save them.
        _ => "application/octet-stream",
    }
}

/// Step 8: the head of an answer: status line, headers, and the empty line.
pub fn head_of(status: Status, length: u64, content_type: &str) -> String {
    let Status(number, words) = status;
    // The client learns the end of the body from Content-Length; the end of file comes as well, since we close, and say
    // so to those who speak 1.1 and would keep the connection.
    format!(
        "HTTP/1.0 {number} {words}\r\nContent-Length: {length}\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n"
    )
}

/// Step 9: sends as many bytes of the file as the head has promised, a buffer at a time: files can be larger than memory.
pub fn copy(client: &OwnedFd, file: File, length: u64) -> Result<()> {
    // It may have grown since: what is too much would be taken for the next answer.
    let mut file = file.take(length);
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => rio::writen(client, &buffer[..count])?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            // Half of it is gone, status 200 and all. To close before Content-Length is how to say so.
            Err(error) => return Err(Errno::from_raw(error.raw_os_error().unwrap_or_default())),
        }
    }
}

/// Step 10: an answer without a file: the status, and a body with the same for people.
pub fn send_error(client: &OwnedFd, status: Status, with_body: bool) -> Result<()> {
    let body = format!("<!doctype html><title>{1}</title><h1>{0} {1}</h1>\n", status.0, status.1);
    let mut answer = head_of(status, body.len() as u64, "text/html");
    if with_body {
        answer.push_str(&body);
    }
    rio::writen(client, answer.as_bytes())
}

/// Step 11: ends a connection so that the client gets all of the answer.
///
/// `close(2)` sends RST instead of FIN when there are bytes that we have not read: of a head that was too large, of a
/// POST's body. And an RST makes the client's kernel throw away what the client has not read yet: our answer. So we say
/// that we are done (`shutdown(2)`), and read away what still comes until the client has closed as well.
pub fn hang_up(client: &OwnedFd) -> Result<()> {
    match shutdown(client.as_raw_fd(), Shutdown::Write) {
        // It has reset the connection meanwhile.
        Err(Errno::ENOTCONN) => return Ok(()),
        result => result?,
    }
    // Not for ever: SO_RCVTIMEO in `socket(7)`.
    setsockopt(&client.as_fd(), sockopt::ReceiveTimeout, &TimeVal::new(PATIENCE, 0))?;
    let mut buffer = [0; 4096];
    while rio::read_some(client, &mut buffer).is_ok_and(|count| count > 0) {}
    // The descriptor is closed by its owner, with the end of the thread.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_decoded_once_and_without_its_query() {
        let path = |target: &str| path_of(target).map(|path| String::from_utf8_lossy(&path).into_owned());
        assert_eq!(path("/"), Ok(String::new()));
        assert_eq!(path("/a%20b+c.txt?d=%00"), Ok("a b+c.txt".into()));
        assert_eq!(path("/%2561%3f"), Ok("%61?".into()));
        assert_eq!(path("http://a.lab:81/b?c"), Ok("b".into()));
        assert_eq!(path("a"), Err(BAD_REQUEST));
        assert_eq!(path("/%4"), Err(BAD_REQUEST));
        assert_eq!(path("/a%00.txt"), Err(NOT_FOUND));
    }

    #[test]
    fn only_what_is_in_the_root_is_found() {
        let outside = std::env::temp_dir().join(format!("httpd-{}", std::process::id()));
        let root = outside.join("www");
        fs::create_dir_all(root.join("docs")).unwrap();
        fs::create_dir_all(outside.join("www-private")).unwrap();
        for (name, text) in [("www/a.txt", "a"), ("www/docs/index.html", "docs"), ("www-private/b.txt", "b")] {
            fs::write(outside.join(name), text).unwrap();
        }
        std::os::unix::fs::symlink("../www-private/b.txt", root.join("link.txt")).unwrap();
        let size = |path: &str| locate(&root, path.as_bytes()).map(|(_, length, _)| length);
        assert_eq!((size("a.txt"), size("docs/"), size("docs/../a.txt")), (Ok(1), Ok(4), Ok(1)));
        let secret = outside.join("www-private/b.txt");
        for path in ["", "docs", "link.txt", "../www-private/b.txt", secret.to_str().unwrap()] {
            assert_eq!(size(path), Err(NOT_FOUND), "{path}");
        }
        fs::remove_dir_all(outside).unwrap();
    }
}
