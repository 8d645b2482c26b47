"""From SOURCEs to articles: one module per format, and what finds, fetches and bounds them."""
