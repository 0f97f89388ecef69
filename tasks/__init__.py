"""One stage a module: read inputs, call the domain, record the result."""
