//! From what people write to what is stored: the syntax is walked once, each name looked up, each type checked. What
//! is not part of the language is refused with its place, what was expected there, and what to write instead.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo, operators};

use crate::records::Timestamp;
use crate::records::expression::{Comparison, Expression, FactName, Likeness, Number, Test};
use crate::records::text::Text;

use super::facts::{find, nearest};
use super::fault::Fault;
use super::operand::{Operand, among, compared, like, listed};
use super::parse::parsed;

/// Of how many parts an expression may consist: facts, values and operators.
pub const NODES: usize = 200;
/// Where the attributes of a customer are found.
const ATTRIBUTES: &str = "customer.attributes";
const FUNCTIONS: &str = "has, size, timestamp, startsWith, endsWith and contains";

/// Reads an expression.
pub fn compile(text: &str) -> Result<Expression, Fault> {
    let test = parsed(text, |expression, places| Walker { text, places, nodes: 0 }.test(expression))?;
    Ok(Expression::new(test))
}

struct Walker<'a> {
    text: &'a str,
    places: &'a SourceInfo,
    nodes: usize,
}

impl Walker<'_> {
    fn fault(&self, at: &IdedExpr, detail: impl Into<String>) -> Fault {
        let start = self.places.offset_for(at.id).map_or(0, |(start, _)| start);
        Fault::at(self.text, usize::try_from(start).unwrap_or(0), detail)
    }

    fn placed<T>(&self, at: &IdedExpr, made: Result<T, String>) -> Result<T, Fault> {
        made.map_err(|detail| self.fault(at, detail))
    }

    fn test(&mut self, node: &IdedExpr) -> Result<Test, Fault> {
        let operand = self.operand(node)?;
        self.placed(node, operand.test())
    }

    fn operand(&mut self, node: &IdedExpr) -> Result<Operand, Fault> {
        self.nodes += 1;
        if self.nodes > NODES {
            return Err(self.fault(node, format!("more than {NODES} facts, values and operators; split it up")));
        }
        match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(name) => self.fact(node, name.clone()),
            Expr::Select(select) => self.select(node, select),
            Expr::Call(call) => self.call(node, call),
            Expr::List(list) => {
                let elements = list.elements.iter().map(|element| self.operand(element)).collect::<Result<_, _>>()?;
                self.placed(node, listed(elements))
            }
            Expr::Comprehension(_) => {
                Err(self
                    .fault(node, "all, exists, map and filter are not part of the language; write \"text\" in LIST"))
            }
            Expr::Map(_) | Expr::Struct(_) => Err(self.fault(node, "braces are not part of the language")),
            Expr::Unspecified => Err(self.fault(node, "this cannot be read")),
        }
    }

    fn literal(&self, node: &IdedExpr, literal: &LiteralValue) -> Result<Operand, Fault> {
        match literal {
            LiteralValue::Boolean(so) => Ok(Operand::Test(Test::Always(**so))),
            LiteralValue::Int(number) => Ok(Operand::Number(Number::constant(**number))),
            LiteralValue::String(text) if text.chars().any(char::is_control) => {
                Err(self.fault(node, "texts have no control characters and no line ends"))
            }
            LiteralValue::String(text) => Ok(Operand::Literal(text.inner().to_owned())),
            LiteralValue::Double(_) | LiteralValue::UInt(_) => {
                Err(self.fault(node, "a whole number is expected; amounts are in minor units, 50.00 is 5000"))
            }
            LiteralValue::Bytes(_) => Err(self.fault(node, "bytes are not part of the language; write \"text\"")),
            LiteralValue::Null => {
                Err(self
                    .fault(node, "there is no null; whether an attribute is noted says has(customer.attributes.KEY)"))
            }
        }
    }

    fn fact(&self, node: &IdedExpr, name: String) -> Result<Operand, Fault> {
        if name == ATTRIBUTES {
            return Err(self.fault(node, "say which attribute: customer.attributes.KEY"));
        }
        let name = FactName::new(name);
        if let Some(key) = name.attribute().filter(|key| Text::<1, 40>::parse(key).is_ok()) {
            return Ok(Operand::Attribute(FactName::of_attribute(key)));
        }
        match find(name.as_str()) {
            Some(fact) if name.attribute().is_none() => Ok(Operand::of_fact(name, fact.kind)),
            _ if name.attribute().is_some() => Err(self.fault(node, "attributes have keys of 1 to 40 characters")),
            _ => {
                let short: String = name.as_str().chars().take(60).collect();
                let meant = nearest(&short).map(|near| format!("; {near} is near it")).unwrap_or_default();
                Err(self.fault(node, format!("{short:?} is no fact{meant}; GET /v1/offers/facts lists them")))
            }
        }
    }

    fn select(&mut self, node: &IdedExpr, select: &SelectExpr) -> Result<Operand, Fault> {
        let Some(path) = path(&select.operand) else {
            return Err(self.fault(node, "a point stands in names of facts only, for example arrival.private"));
        };
        if select.test {
            if path != ATTRIBUTES {
                return Err(
                    self.fault(node, "has() takes an attribute of the shop's own: has(customer.attributes.KEY)")
                );
            }
            let Operand::Attribute(fact) = self.fact(node, format!("{path}.{}", select.field))? else {
                return Err(self.fault(node, "has() takes an attribute"));
            };
            return Ok(Operand::Test(Test::Known { fact, so: true }));
        }
        let root = root(node);
        if FactName::new(path.as_str()).attribute().is_some() {
            let detail = "attributes have no parts; a key with a point is written customer.attributes[\"a.b\"]";
            return Err(self.fault(root, detail));
        }
        self.fact(root, format!("{path}.{}", select.field))
    }

    fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Result<Operand, Fault> {
        match (&call.target, call.args.as_slice()) {
            (None, [only]) => self.call_of_one(node, &call.func_name, only),
            (None, [left, right]) => self.call_of_two(node, &call.func_name, left, right),
            (Some(target), args) => self.member(node, &call.func_name, target, args),
            (None, _) if call.func_name == operators::CONDITIONAL => {
                Err(self.fault(node, "there is no choice by ? and :; write && and ||"))
            }
            (None, _) => Err(self.unknown_function(node, &call.func_name)),
        }
    }

    fn call_of_one(&mut self, node: &IdedExpr, name: &str, only: &IdedExpr) -> Result<Operand, Fault> {
        match name {
            operators::LOGICAL_NOT => Ok(Operand::Test(self.test(only)?.negated())),
            operators::NEGATE => {
                let number = self.number(only)?.negative();
                self.placed(node, number.map(Operand::Number).ok_or_else(|| "the number is too large".to_owned()))
            }
            "size" => self.size(only),
            "timestamp" => match self.operand(only)? {
                Operand::Literal(text) => self.placed(only, instant(&text)),
                other => Err(self.fault(only, format!("a text is expected, this is {}; {AN_INSTANT}", other.kind()))),
            },
            "duration" => {
                Err(self.fault(node, "there are no durations; compare arrival.age_hours, or now with a timestamp"))
            }
            _ => Err(self.unknown_function(node, name)),
        }
    }

    fn call_of_two(
        &mut self,
        node: &IdedExpr,
        name: &str,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Result<Operand, Fault> {
        if let Some(is) = comparison(name) {
            let (left, right) = (self.operand(left)?, self.operand(right)?);
            return self.placed(node, compared(left, is, right)).map(Operand::Test);
        }
        match name {
            operators::LOGICAL_AND => Ok(Operand::Test(Test::all(vec![self.test(left)?, self.test(right)?]))),
            operators::LOGICAL_OR => Ok(Operand::Test(Test::any(vec![self.test(left)?, self.test(right)?]))),
            operators::IN => {
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                self.placed(node, among(left, right)).map(Operand::Test)
            }
            operators::ADD | operators::SUBSTRACT => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                let right = if name == operators::ADD { Some(right) } else { right.negative() };
                let sum = right.and_then(|right| left.and(right));
                self.placed(node, sum.map(Operand::Number).ok_or_else(|| "the numbers are too large".to_owned()))
            }
            operators::MULTIPLY | operators::DIVIDE | operators::MODULO => {
                Err(self.fault(node, "whole numbers are added by + and taken away by -, nothing else"))
            }
            operators::INDEX => self.index(node, left, right),
            _ => Err(self.unknown_function(node, name)),
        }
    }

    fn number(&mut self, node: &IdedExpr) -> Result<Number, Fault> {
        let operand = self.operand(node)?;
        self.placed(node, operand.number())
    }

    fn size(&mut self, of: &IdedExpr) -> Result<Operand, Fault> {
        match self.operand(of)? {
            Operand::List(list) => Ok(Operand::Number(Number::size(list))),
            other => Err(self.fault(of, format!("size() takes a fact that is a list, this is {}", other.kind()))),
        }
    }

    fn member(&mut self, node: &IdedExpr, name: &str, target: &IdedExpr, args: &[IdedExpr]) -> Result<Operand, Fault> {
        let is = match (name, args) {
            ("size", []) => return self.size(target),
            ("startsWith", [_]) => Likeness::Begins,
            ("endsWith", [_]) => Likeness::Ends,
            ("contains", [_]) => Likeness::Contains,
            ("matches", _) => {
                return Err(self.fault(node, "there are no patterns; write startsWith, endsWith or contains"));
            }
            _ => return Err(self.unknown_function(node, name)),
        };
        let left = self.operand(target)?;
        let right = args.iter().map(|arg| self.operand(arg)).next_back();
        match right {
            Some(right) => self.placed(node, like(left, is, right?)).map(Operand::Test),
            None => Err(self.unknown_function(node, name)),
        }
    }

    /// `customer.attributes["a key with blanks"]`.
    fn index(&mut self, node: &IdedExpr, of: &IdedExpr, key: &IdedExpr) -> Result<Operand, Fault> {
        match (path(of).as_deref(), &key.expr) {
            (Some(ATTRIBUTES), Expr::Literal(LiteralValue::String(key))) => {
                self.fact(node, format!("{ATTRIBUTES}.{}", key.inner()))
            }
            _ => Err(self.fault(node, "brackets choose an attribute only: customer.attributes[\"KEY\"]")),
        }
    }

    fn unknown_function(&self, node: &IdedExpr, name: &str) -> Fault {
        let short: String = name.chars().take(40).collect();
        self.fault(node, format!("{short:?} with these arguments is not part of the language; there are {FUNCTIONS}"))
    }
}

const AN_INSTANT: &str = "an instant is written as timestamp(\"2026-12-24T18:00:00Z\")";

fn instant(text: &str) -> Result<Operand, String> {
    let read = serde_json::from_value::<Timestamp>(text.into());
    read.map(Operand::At).map_err(|_| format!("this is no instant; {AN_INSTANT}"))
}

fn comparison(operator: &str) -> Option<Comparison> {
    let symbol = operator.strip_prefix('_')?.strip_suffix('_')?;
    Comparison::ALL.into_iter().find(|is| is.symbol() == symbol)
}

/// The name that stands here, with its points; `None`: it is none.
fn path(node: &IdedExpr) -> Option<String> {
    let (mut names, mut node) = (Vec::new(), node);
    loop {
        match &node.expr {
            Expr::Ident(name) => {
                names.push(name.as_str());
                names.reverse();
                return Some(names.join("."));
            }
            Expr::Select(select) if !select.test => {
                names.push(&select.field);
                node = &select.operand;
            }
            _ => return None,
        }
    }
}

/// Where a name with points begins.
fn root(mut node: &IdedExpr) -> &IdedExpr {
    while let Expr::Select(select) = &node.expr {
        node = &select.operand;
    }
    node
}
