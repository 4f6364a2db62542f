//! Text with placeholders: `connect 127.0.0.1 {origin.port}`.

/// Text of which some parts are filled in when the step is played. `{{` and `}}` stand for braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// `{port}`: the port the student is to listen on.
    Port,
    /// `{files}`: the folder with the step's files, as the student sees it.
    Files,
    /// `{i}`: the number of this client in its crowd.
    Number,
    /// `{n}`: in a `repeat`, which time it is, from 1.
    Turn,
    /// `{origin.port}`: the port of the grader's own server.
    PortOf(String),
    /// `{origin.address}`: the address of the grader's own server.
    AddressOf(String),
    /// `{origin.peer}`: `IP:PORT` of the student's end of the actor's connection.
    PeerOf(String),
    /// `{slow.local}`: `IP:PORT` of the actor's own end of its connection.
    LocalOf(String),
}

impl Template {
    pub fn literal(text: &str) -> Template {
        Template(vec![Part::Text(text.to_owned())])
    }
}
