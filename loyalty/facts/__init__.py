"""Questions to the store, as Ibis expressions: customers, purchases, cohorts, baskets. Nothing is fitted here."""
