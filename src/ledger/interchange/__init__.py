"""FILES IN AND OUT: CSV files to commands, answers to text and CSV."""
