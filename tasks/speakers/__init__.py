"""Speaker profiles as use cases: enrol, decide, show, measure, audit."""
