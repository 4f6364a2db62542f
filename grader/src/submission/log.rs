//! What a build prints: its beginning is kept, the rest only taken from it.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The first mistakes are those worth reading.
const KEPT: usize = 1 << 20;

/// How long a stream may stay open when everybody who could write to it has been killed.
const AFTERWARDS: Duration = Duration::from_secs(2);

/// One text of two streams, in the order in which it arrives.
pub struct Log {
    text: Arc<Mutex<Vec<u8>>>,
    streams: usize,
    ends: Receiver<()>,
}

impl Log {
    pub fn of(streams: Vec<OwnedFd>) -> Log {
        let text = Arc::new(Mutex::new(Vec::new()));
        let (sender, ends) = channel();
        let count = streams.len();
        for stream in streams {
            let (text, sender) = (text.clone(), sender.clone());
            thread::spawn(move || {
                copy(File::from(stream), &text);
                // Nobody minds any more, perhaps.
                let _ = sender.send(());
            });
        }
        Log { text, streams: count, ends }
    }

    /// All of it. To be called when the build has been killed.
    pub fn finish(self) -> Vec<u8> {
        for _ in 0..self.streams {
            if self.ends.recv_timeout(AFTERWARDS).is_err() {
                break;
            }
        }
        std::mem::take(&mut self.text.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn copy(mut stream: File, text: &Mutex<Vec<u8>>) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        let mut text = text.lock().unwrap_or_else(PoisonError::into_inner);
        let room = KEPT.saturating_sub(text.len());
        text.extend_from_slice(&buffer[..count.min(room)]);
    }
}
