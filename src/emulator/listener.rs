//! The socket, the connections, and their end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::error::EmulatorError;
use super::service::Service;

/// How long calls under way may take to end once the emulator stops.
const GRACE: Duration = Duration::from_secs(2);

/// Binds a loopback address, and nothing else.
pub(super) async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), EmulatorError> {
    if !address.ip().is_loopback() {
        return Err(EmulatorError::NotLoopback { address });
    }
    let listen = |source| EmulatorError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let bound = listener.local_addr().map_err(listen)?;
    Ok((listener, bound))
}

/// Takes connections until told to stop, then lets the calls under way end. Dropping the future cuts them all.
pub(super) async fn run(listener: TcpListener, service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let stopped = stop.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, Arc::clone(&service), stopped.clone()));
                }
                // Too many open files and the like: the next attempt may succeed, and must not spin.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
            () = told(&mut stop) => break,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    // Whoever has not ended by then is cut when the set is dropped.
    let _ = tokio::time::timeout(GRACE, all_ended).await;
}

/// Waits until the emulator is to stop.
async fn told(stop: &mut watch::Receiver<bool>) {
    // An error means that the emulator itself is gone, which comes to the same.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn converse(stream: TcpStream, service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    // Small answers must not wait for more.
    let _ = stream.set_nodelay(true);
    let serve = service_fn(move |request| Arc::clone(&service).serve(request));
    let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), serve);
    tokio::pin!(connection);
    // How a connection ends is the caller's affair, or was asked for by a fault.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = told(&mut stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
