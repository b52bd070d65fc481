"""Pure functions from figures to Plotly figures; pages and reports show them, nothing else imports them."""
