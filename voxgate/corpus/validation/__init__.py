"""Is a clip fit for training? Findings, one reason a fault, and the table that holds them."""
