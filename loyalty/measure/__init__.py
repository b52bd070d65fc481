"""Figures that an owner reads: retention, KPIs, customer value, satisfaction; from small frames of facts."""
