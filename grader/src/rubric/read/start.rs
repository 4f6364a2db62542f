//! How a program begins: arguments, or `by_hand`.

use super::reader::{Field, Reader};
use super::scope::Scope;
use super::template;
use crate::rubric::lab::Start;
use crate::rubric::mistakes::Wanted;
use crate::rubric::suggest::nearest;
use crate::rubric::yaml::Value;

pub fn read(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Start> {
    match &field.node.value {
        Value::Scalar(scalar) if scalar.text == "by_hand" => Some(Start::ByHand),
        Value::List(_) => template::read_list(reader, scope, field).map(Start::With),
        value => {
            let near = matches!(value, Value::Scalar(scalar) if nearest(&scalar.text, ["by_hand"]).is_some());
            reader.unfit(field, Wanted::Start { near });
            None
        }
    }
}
