//! HTTP messages as a pattern: a real parser, headers in any order.

use regex::Regex;

use super::difference::difference;
use super::fill::{Bytes, Facts};
use super::matching::{Progress, compiled};
use super::miss::{Ending, Miss};
use crate::rubric::{HeaderValue, Http};

const MAX_HEADERS: usize = 128;
/// Characters of a header's value that a sentence quotes.
const LONGEST_VALUE: usize = 80;

/// An HTTP message to expect, placeholders filled in.
#[derive(Debug)]
pub struct Wanted {
    status: Vec<u16>,
    method: Option<String>,
    target: Option<String>,
    version: Option<String>,
    headers: Vec<(String, Value)>,
    body: Option<Bytes>,
}

/// What a header has to say.
#[derive(Debug)]
enum Value {
    Exactly(String),
    /// `shown` is the expression as the rubric has it.
    Matches {
        whole: Regex,
        shown: String,
    },
    Lacks {
        any: Regex,
        shown: String,
    },
}

impl Value {
    fn new(value: &HeaderValue, facts: &Facts, number: u32) -> Value {
        match value {
            HeaderValue::Exactly(text) => Value::Exactly(facts.text(text, number)),
            HeaderValue::Matches(regex) => {
                let shown = facts.expression(regex, number);
                Value::Matches { whole: compiled(&format!(r"\A(?:{shown})\z")), shown }
            }
            HeaderValue::Lacks(regex) => {
                let shown = facts.expression(regex, number);
                Value::Lacks { any: compiled(&shown), shown }
            }
        }
    }

    fn is_met_by(&self, value: &[u8]) -> bool {
        match self {
            Value::Exactly(text) => value == text.as_bytes(),
            Value::Matches { whole, .. } => whole.is_match(&String::from_utf8_lossy(value)),
            Value::Lacks { any, .. } => !any.is_match(&String::from_utf8_lossy(value)),
        }
    }

    fn describe(&self) -> String {
        match self {
            Value::Exactly(text) => format!("`{text}`"),
            Value::Matches { shown, .. } => format!("what matches /{shown}/"),
            Value::Lacks { shown, .. } => format!("what lacks /{shown}/"),
        }
    }
}

/// In backticks, and no more of it than a sentence holds: the end may be what is wrong with it.
fn shown(value: &str) -> String {
    let length = value.chars().count();
    match length > LONGEST_VALUE {
        false => format!("`{value}`"),
        true => {
            let (head, tail) = (LONGEST_VALUE / 2, length - LONGEST_VALUE / 2);
            let head: String = value.chars().take(head).collect();
            let tail: String = value.chars().skip(tail).collect();
            format!("`{head}…{tail}` ({length} characters)")
        }
    }
}

/// What came, as far as this module looks at it.
struct Head {
    length: usize,
    version: u8,
    headers: Vec<(String, Vec<u8>)>,
}

impl Wanted {
    pub fn new(http: &Http, facts: &mut Facts, number: u32, random: &mut fastrand::Rng) -> Wanted {
        Wanted {
            status: http.status.clone(),
            method: http.method.clone(),
            target: http.target.as_ref().map(|target| facts.text(target, number)),
            version: http.version.clone(),
            headers: http
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), Value::new(value, facts, number)))
                .collect(),
            body: http.body.as_ref().map(|body| facts.bytes(body, number, random)),
        }
    }

    fn describe(&self) -> String {
        match &self.method {
            _ if self.is_response() => format!("an HTTP response with status {}", self.statuses()),
            Some(method) => format!("an HTTP {method} request"),
            None => "an HTTP message".to_owned(),
        }
    }

    fn is_response(&self) -> bool {
        !self.status.is_empty()
    }

    /// `400, 403 or 404`
    fn statuses(&self) -> String {
        let statuses: Vec<String> = self.status.iter().map(u16::to_string).collect();
        match statuses.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        }
    }

    pub fn meet(&self, bytes: &[u8], who: &str) -> Progress {
        let differs = |what: String| {
            Progress::Never(Box::new(Miss::HttpDiffers { who: who.to_owned(), what, got: bytes.into() }))
        };
        let head = match if self.is_response() { self.response(bytes) } else { self.request(bytes) } {
            Ok(Some(head)) => head,
            Ok(None) => return Progress::More,
            Err(what) => return differs(what),
        };
        if let Some(version) = &self.version
            && *version != format!("1.{}", head.version)
        {
            return differs(format!("the version is HTTP/1.{}, not HTTP/{version}", head.version));
        }
        for (name, wanted) in &self.headers {
            let mut values = head.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v);
            if let Value::Lacks { shown: forbidden, .. } = wanted {
                // Not being there at all is one way to lack something, and of several headers each has to.
                if let Some(value) = values.find(|value| !wanted.is_met_by(value)) {
                    let value = String::from_utf8_lossy(value);
                    return differs(match forbidden.as_str() {
                        ".*" => format!("there is a `{name}` header, {}", shown(&value)),
                        _ => format!("the `{name}` header is {}, with what matches /{forbidden}/", shown(&value)),
                    });
                }
                continue;
            }
            match (values.next(), values.next()) {
                (None, _) => return differs(format!("there is no `{name}` header")),
                (Some(_), Some(_)) => return differs(format!("the `{name}` header is there more than once")),
                (Some(value), None) if !wanted.is_met_by(value) => {
                    let value = String::from_utf8_lossy(value).into_owned();
                    return differs(format!("the `{name}` header is {}, not {}", shown(&value), wanted.describe()));
                }
                _ => {}
            }
        }
        self.body(bytes, &head, who)
    }

    /// The miss when no more comes: half a head, or not all of the body.
    pub fn cut_short(&self, got: &[u8], who: String, ended: Ending) -> Miss {
        let head = if self.is_response() { self.response(got) } else { self.request(got) };
        match (head, &self.body) {
            (Ok(Some(head)), Some(body)) => {
                let got = &got[head.length..];
                let tail = got[got.len().saturating_sub(64)..].to_vec();
                Miss::TooFew { who, expected: body.len() as u64, got: got.len() as u64, tail, ended }
            }
            _ => Miss::HttpDiffers { who, what: format!("{} is not complete", self.describe()), got: got.into() },
        }
    }

    fn response(&self, bytes: &[u8]) -> Result<Option<Head>, String> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = response.parse(bytes).map_err(|error| format!("it is not an HTTP response ({error})"))?;
        let httparse::Status::Complete(length) = parsed else { return Ok(None) };
        let status = response.code.unwrap_or(0);
        match self.status.contains(&status) {
            false => Err(format!("the status is {status}, not {}", self.statuses())),
            true => Ok(Some(head(length, response.version, response.headers))),
        }
    }

    fn request(&self, bytes: &[u8]) -> Result<Option<Head>, String> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let parsed = request.parse(bytes).map_err(|error| format!("it is not an HTTP request ({error})"))?;
        let httparse::Status::Complete(length) = parsed else { return Ok(None) };
        let (method, target) = (request.method.unwrap_or(""), request.path.unwrap_or(""));
        match (&self.method, &self.target) {
            (Some(wanted), _) if wanted != method => Err(format!("the method is `{method}`, not `{wanted}`")),
            (_, Some(wanted)) if wanted != target => Err(format!("the target is `{target}`, not `{wanted}`")),
            _ => Ok(Some(head(length, request.version, request.headers))),
        }
    }

    fn body(&self, bytes: &[u8], head: &Head, who: &str) -> Progress {
        let Some(wanted) = &self.body else { return Progress::Match(head.length) };
        let got = &bytes[head.length..];
        let both = wanted.len().min(got.len());
        if wanted[..both] != got[..both] {
            let difference = difference(wanted, got);
            return Progress::Never(Box::new(Miss::WrongBytes { who: who.to_owned(), difference }));
        }
        if both == wanted.len() { Progress::Match(head.length + both) } else { Progress::More }
    }
}

fn head(length: usize, version: Option<u8>, headers: &[httparse::Header]) -> Head {
    Head {
        length,
        version: version.unwrap_or(0),
        headers: headers.iter().map(|header| (header.name.to_owned(), header.value.to_vec())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get() -> Wanted {
        Wanted {
            status: Vec::new(),
            method: Some("GET".into()),
            target: Some("/x".into()),
            version: Some("1.0".into()),
            headers: vec![("Host".into(), Value::Exactly("a.lab:81".into()))],
            body: None,
        }
    }

    #[test]
    fn headers_count_in_any_order_and_case() {
        let request = b"GET /x HTTP/1.0\r\nAccept: */*\r\nhOST: a.lab:81\r\n\r\n";
        assert_eq!(get().meet(request, "origin"), Progress::Match(request.len()));
    }

    #[test]
    fn a_wrong_header_says_what_it_is() {
        let met = get().meet(b"GET /x HTTP/1.0\r\nHost: a.lab\r\n\r\n", "origin");
        let Progress::Never(miss) = met else { panic!("{met:?}") };
        assert!(
            matches!(*miss, Miss::HttpDiffers { what, .. } if what == "the `Host` header is `a.lab`, not `a.lab:81`")
        );
    }

    fn not_found() -> Wanted {
        let html = Value::Matches { whole: compiled(r"\Atext/html(;.*)?\z"), shown: "text/html(;.*)?".into() };
        let headers = vec![("Content-Type".into(), html)];
        Wanted { status: vec![403, 404], method: None, target: None, version: None, headers, body: None }
    }

    #[test]
    fn one_of_several_statuses_will_do_and_a_header_may_have_to_match() {
        for response in [
            "HTTP/1.1 404 Not Found\r\ncontent-type: text/html; charset=utf-8\r\n\r\n",
            "HTTP/1.0 403\r\nContent-Type: text/html\r\n\r\n",
        ] {
            assert_eq!(not_found().meet(response.as_bytes(), "client"), Progress::Match(response.len()));
        }
    }

    #[test]
    fn another_status_or_value_says_what_would_have_done() {
        let what = |response: &str| match not_found().meet(response.as_bytes(), "client") {
            Progress::Never(miss) => match *miss {
                Miss::HttpDiffers { what, .. } => what,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        assert_eq!(what("HTTP/1.0 200 OK\r\n\r\n"), "the status is 200, not 403 or 404");
        let text = "HTTP/1.0 404 No\r\nContent-Type: text/htmlx\r\n\r\n";
        assert_eq!(what(text), "the `Content-Type` header is `text/htmlx`, not what matches /text/html(;.*)?/");
    }

    #[test]
    fn what_a_header_has_to_lack_is_in_none_of_that_name() {
        let lacks = |shown: &str| Value::Lacks { any: compiled(shown), shown: shown.into() };
        let headers = vec![("Connection".into(), lacks("(?i)x-trace")), ("TE".into(), lacks(".*"))];
        let wanted = Wanted { target: None, version: None, headers, ..get() };
        let met = |headers: &str| match wanted.meet(format!("GET / HTTP/1.0\r\n{headers}\r\n").as_bytes(), "origin") {
            Progress::Never(miss) => match *miss {
                Miss::HttpDiffers { what, .. } => what,
                other => panic!("{other:?}"),
            },
            other => format!("{other:?}"),
        };
        assert_eq!(met(""), "Match(18)");
        assert_eq!(met("connection: close\r\n"), "Match(37)");
        assert_eq!(
            met("Connection: close\r\nconnection: X-Trace\r\n"),
            "the `Connection` header is `X-Trace`, with what matches /(?i)x-trace/"
        );
        assert_eq!(met("te: \r\n"), "there is a `TE` header, ``");
    }

    #[test]
    fn of_a_body_that_is_cut_short_it_is_said_how_much_came() {
        let wanted =
            Wanted { body: Some(b"hello".to_vec().into()), status: vec![200], headers: Vec::new(), ..not_found() };
        let miss = wanted.cut_short(b"HTTP/1.0 200 OK\r\n\r\nhe", "client".into(), Ending::Eof);
        assert!(matches!(miss, Miss::TooFew { expected: 5, got: 2, ended: Ending::Eof, .. }), "{miss:?}");
        let miss = wanted.cut_short(b"HTTP/1.0 200", "client".into(), Ending::Eof);
        assert!(matches!(miss, Miss::HttpDiffers { .. }), "{miss:?}");
    }

    #[test]
    fn half_a_head_is_waited_for() {
        assert_eq!(get().meet(b"GET /x HTT", "origin"), Progress::More);
    }
}
