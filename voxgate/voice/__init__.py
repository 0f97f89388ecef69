"""What a voice is: its package on disk, its card, and the frozen networks its tokens mean."""
