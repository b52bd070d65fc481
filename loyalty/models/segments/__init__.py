"""Customer segments by RFM bands or clustering, their names, and who moved between them."""
