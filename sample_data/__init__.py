"""The made-up shop "Morning Light Coffee": files in real platforms' formats and the script behind them."""
