"""What operators do to a collection: audit, repair, erasure, retention, change of model, export."""
