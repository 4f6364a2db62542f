//! The labs' programs, for you to write: each `todo!` is one function, and its comment says what it has to do.
//!
//! # Layout
//!
//! - [`rio`]: reading and writing *all* of it. Begin here.
//! - [`lines`]: lines out of a stream, which has none; for labs 03 and 05.
//! - [`names`]: host names to addresses and back. Complete.
//! - [`failure`]: what can go wrong on the way, in the labs' words. Complete.
//! - [`client`]: the client's view: resolve, connect, send, receive.
//! - [`http`]: what `client get` says and understands, on top of a connected socket.
//! - [`message`]: what a server of HTTP is asked, and what is wrong with it.
//! - [`server`]: the server's view: bind, listen, accept, and one client after another.
//! - [`commands`]: what the clients of `concurrent` say, and what they are answered.
//! - [`iterative`], [`process`], [`thread`]: one client after another, a process for each, a thread for each.
//! - [`chat`]: many clients in one room, and one loop for all of them.
//! - [`httpd`]: a server of files, on top of `server` and `message`.
//! - [`proxy`]: a server that is a client too: it asks in its clients' name.
//!
//! Use the calls of the lecture, as `nix` has them (`nix::sys::socket`, `nix::unistd`, `nix::poll`), not `std::net`: it
//! would do most of the work in a line each, and show you nothing of it. The types `Ipv4Addr` and `SocketAddrV4` are fine.

// What no `todo!` uses, or changes, is not a mistake yet. Take this line away when you have written the last function.
#![allow(clippy::ptr_arg, dead_code, unused_variables)]

pub mod chat;
pub mod client;
pub mod commands;
pub mod failure;
pub mod http;
pub mod httpd;
pub mod iterative;
pub mod lines;
pub mod message;
pub mod names;
pub mod process;
pub mod proxy;
pub mod rio;
pub mod server;
pub mod thread;
