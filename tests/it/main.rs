//! Integration tests, one binary: each extra one would link the SDK again.
