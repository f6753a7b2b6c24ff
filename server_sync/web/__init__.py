"""From HTTP to a handler and back: the same path for every address of `contract.routes`."""
