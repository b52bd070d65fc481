"""What a programme costs and is expected to bring, and the settings that would be better."""
