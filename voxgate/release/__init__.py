"""What is live, who decided it, and on which evidence."""
