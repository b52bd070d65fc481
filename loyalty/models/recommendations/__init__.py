"""Product recommendations: repeat purchases and new products, each method tested on the shop's own past."""
