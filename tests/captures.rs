//! What went over the network of a failed step is kept, says what the report says, and goes to nobody else.

mod kept;
mod read;
mod shown;
mod told;
