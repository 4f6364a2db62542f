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
//! - [`server`]: the server's view: bind, listen, accept, and one client after another.
//! - [`chat`]: many clients in one room, and one loop for all of them.
//!
//! Use the calls of the lecture, as `nix` has them (`nix::sys::socket`, `nix::unistd`, `nix::poll`), not `std::net`: it
//! would do most of the work in a line each, and show you nothing of it. The types `Ipv4Addr` and `SocketAddrV4` are fine.

// What no `todo!` uses is not a mistake yet. Take this line away when you have written the last function.
#![allow(dead_code, unused_variables)]

pub mod chat;
pub mod client;
pub mod failure;
pub mod http;
pub mod lines;
pub mod names;
pub mod rio;
pub mod server;
