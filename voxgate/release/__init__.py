"""From a verdict to a release, exactly once: states, rules and the chain of events. No I/O."""
