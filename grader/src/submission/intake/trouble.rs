//! Why a submission could not be taken in: it is at fault, or this machine is.

use std::io;

use crate::submission::mistake::Flaw;

#[derive(Debug)]
pub enum Trouble {
    Flaw(Flaw),
    /// No room for the copy, or the like.
    Own(io::Error),
}

impl From<Flaw> for Trouble {
    fn from(flaw: Flaw) -> Trouble {
        match flaw.own_fault() {
            Some(why) => Trouble::Own(io::Error::other(why.to_string())),
            None => Trouble::Flaw(flaw),
        }
    }
}
