//! The labs' programs, complete: what a finished submission can look like.
//!
//! # Layout
//!
//! - [`rio`]: reading and writing *all* of it. A socket gives and takes what it has, not what you ask for.
//! - [`lines`]: lines out of a stream, which has none.
//! - [`names`]: host names to addresses and back; most of the `unsafe` code here.
//! - [`failure`]: what can go wrong on the way, in the labs' words.
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
//! `std::net` could do most of it in a line each. It is left aside on purpose: the labs are about the calls that it
//! hides, and `nix` has each of them as a function, so that every call of the lecture is a line to point at.

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
