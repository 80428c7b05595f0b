//! stub
use super::{executor::Connect, journal::Journal};
use crate::{
    findings::archive::SealedPage,
    hub::Hub,
    journal::entry::{Origin, SendId},
    send::{
        engine::Options,
        plan::Plan,
        report::{SendReport, Steer},
    },
};
#[expect(missing_docs)]
pub struct Connections {
    hub: Hub,
    connect: Connect,
}
impl Connections {
    #[expect(missing_docs)]
    pub fn new(hub: Hub, connect: Connect) -> Self {
        Self { hub, connect }
    }
}
#[expect(missing_docs)]
pub enum News {
    Report(SendReport),
    Saw(SealedPage),
}
#[expect(missing_docs)]
pub struct Send {
    pub send: SendId,
    pub origin: Origin,
    pub plan: Plan,
    pub options: Options,
}
#[expect(missing_docs)]
pub async fn drive(_: Send, c: Connections, _: Journal, _: tokio::sync::mpsc::Receiver<Steer>, _: tokio::sync::mpsc::Sender<News>) {
    let _ = (c.hub, c.connect);
}
