"""Files out: CSV and XLSX that open right anywhere, and coupon lists in the formats that platforms read."""
