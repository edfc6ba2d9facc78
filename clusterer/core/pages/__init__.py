"""What HTML says and shows: its text in blocks, headline, date, and what it states about itself."""
